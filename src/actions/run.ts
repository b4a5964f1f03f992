import { group } from '@actions/core';
import { verdictOf } from '../model/upgrade.js';
import { publish } from '../report/publish.js';
import { NOTHING, type PhaseTime, type RunRecord } from '../report/run-record.js';
import type { RehearsalOptions } from '../rehearsal/rehearsal-options.js';
import { ActionError, errorMessage, RefusedError } from '../shared/errors.js';
import { explainFailure } from '../shared/system-failure.js';
import type { Workspace } from '../shared/workspace.js';
import { closeWorkspace, openWorkspace } from './run-workspace.js';

/** What a phase learned. Findings are added to those that it noted before; anything else replaces what it noted. */
export type Part = Partial<Omit<RunRecord, 'phases' | 'verdict' | 'failure'>>;

/** Tells the run what a phase learned, as soon as it knows, so that a failure later in it hides nothing. */
export type Note = (part: Part) => void;

/** One run of an action. Nothing else writes its record. */
export class Run {
  private readonly parts = new Map<string, Part>();
  private readonly times: PhaseTime[] = [];
  private inPhase = false;
  private failed: ActionError | Error | undefined;

  constructor(readonly workspace: Workspace) {}

  /**
   * Runs a phase in its own log group, takes the time, and keeps what it notes. The same phase once more forgets what it noted
   * before. Within another phase it has no group and no time of its own: the runner knows no groups in groups.
   *
   * @param keep what the record gets of the result
   */
  async phase<T>(
    name: string,
    work: (note: Note) => Promise<T>,
    keep: (result: T) => Part = () => ({}),
  ): Promise<T> {
    this.forget(name);
    const noting = async (): Promise<T> => {
      const result = await work((part) => this.note(name, part));
      this.note(name, keep(result));
      return result;
    };
    if (this.inPhase) return noting();
    this.inPhase = true;
    const started = performance.now();
    let ok = false;
    try {
      const result = await group(name, noting);
      ok = true;
      return result;
    } finally {
      this.inPhase = false;
      this.times.push({ name, seconds: (performance.now() - started) / 1000, ok });
    }
  }

  /** Keeps what the phase of that name learned. */
  note(name: string, part: Part): void {
    const { findings = [], ...before } = this.parts.get(name) ?? {};
    this.parts.set(name, { ...before, ...part, findings: [...findings, ...(part.findings ?? [])] });
  }

  /** What it made is of no use any more. */
  forget(name: string): void {
    if (this.parts.has(name)) this.parts.set(name, {});
  }

  fail(error: unknown): void {
    this.failed = error instanceof Error ? error : new Error(errorMessage(error));
  }

  get record(): RunRecord {
    const parts = [...this.parts.values()];
    const known = parts.reduce<RunRecord>((all, part) => ({ ...all, ...part }), NOTHING);
    const verdict = verdictOf({
      upgradeKind: known.upgradeKind,
      packaged: known.packages !== undefined,
      rehearsal: known.rehearsal?.outcome,
      refused: this.failed instanceof RefusedError,
    });
    return {
      ...known,
      findings: parts.flatMap(({ findings = [] }) => findings),
      phases: this.times,
      ...(verdict === undefined ? {} : { verdict }),
      ...(this.failed === undefined ? {} : { failure: failureOf(this.failed) }),
    };
  }
}

/** How the record tells what was thrown. */
export function failureOf(error: unknown): NonNullable<RunRecord['failure']> {
  const { remedy, details } = error instanceof ActionError ? error : {};
  return { message: errorMessage(error), remedy, details };
}

/** Who looks on where no runner does: the command line. */
export interface Attendant {
  /** Set when the rehearsal's nodes are to stay until `beforeEnd`. */
  readonly keep?: RehearsalOptions['keep'];
  /** Called before the workspace goes, with all that still runs in it. */
  beforeEnd?(run: Run): Promise<void>;
  /** Gets the whole record, when everything else was told. */
  onEnd(record: RunRecord): void;
}

export interface RunOptions {
  /** What is to be kept of a run that failed. */
  readonly onFailure?: (run: Run) => Promise<void>;
  readonly attendant?: Attendant | undefined;
}

/**
 * From an empty workspace to summary and outputs; the same for every action.
 *
 * @param story what the action does
 * @throws what the story threw, in words
 */
export async function runAction(
  story: (run: Run) => Promise<void>,
  { onFailure, attendant }: RunOptions = {},
): Promise<void> {
  const workspace = await openWorkspace();
  const run = new Run(workspace);
  try {
    await story(run);
  } catch (error) {
    const failure = await explainFailure(error, workspace.dir);
    run.fail(failure);
    await onFailure?.(run);
    throw failure;
  } finally {
    await attendant?.beforeEnd?.(run);
    await closeWorkspace(workspace);
    await publish(run.record);
    attendant?.onEnd(run.record);
  }
}
