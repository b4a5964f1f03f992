import { info } from '@actions/core';
import { constants } from 'node:fs';
import { rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt, BeforeRun, Footprint, JournalStep, NodeState } from '../../model/deploy.js';
import { entryText, isDeployOf } from '../../model/deploy.js';
import type { Finding } from '../../model/finding.js';
import { DiskFullError, explainFullDisk } from '../../node/durable-file.js';
import { ActionError } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import { DEPLOY_FOLDER, type DeployFolder, openDeployFolder } from './deploy-folder.js';
import { DeployLock } from './deploy-lock.js';
import { recordFootprint } from './footprint.js';
import { Journal } from './journal.js';

/** A file in the deploy's folder that only keeps room. */
const ROOM = 'room';
const ROOM_BYTES = 2 ** 20;

export interface SessionOptions {
  readonly deployRoot: string;
  /** The node's user. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** What is deployed, for whoever finds the lock. */
  readonly what: string;
  /** How long another deploy is waited for. */
  readonly waitSeconds: number;
  /** Aborted when the job is cancelled; its reason is the signal's name. */
  readonly cancel?: AbortSignal | undefined;
  /** Whether there are commands of the user's, and `after` among them. */
  readonly hasCommands?: boolean;
  readonly hasAfter?: boolean;
}

/** After these the deploy has done something that users may notice, or their command has. */
const CHANGES = ['before', 'install', 'switch', 'start'] as const;

/** The job was cancelled; whoever catches it leaves the node in a state that the journal names. */
export class CancelledError extends ActionError {}

/** One deploy at work on an installed release: it holds the lock and writes the journal. */
export class DeploySession {
  /** What people should know although it is no obstacle; added to. */
  readonly findings: Finding[] = [];

  /** When the installation began, by performance.now(). */
  installBegan: number | undefined;

  private constructor(
    readonly journal: Journal,
    private readonly held: { readonly lock: DeployLock; readonly folder: DeployFolder },
    private readonly options: SessionOptions,
  ) {}

  /** @throws {NodeRefusedError} when another deploy is at work, or the installed root cannot be written to. */
  static async open(options: SessionOptions): Promise<DeploySession> {
    const folder = await openDeployFolder(options.deployRoot, options.owner);
    const lock = await DeployLock.take(folder, options.what, options.waitSeconds);
    try {
      return new DeploySession(await Journal.open(folder), { lock, folder }, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Records what is there, to be put back when the deploy is undone. */
  recordFootprint(members: readonly string[], changed: readonly string[]): Promise<Footprint> {
    return recordFootprint({ root: this.options.deployRoot, members, changed, folder: this.copies });
  }

  /** Opens a file in the deploys' own folder for writing; it belongs to the node's user. */
  openFile(name: string, flags: number): Promise<FileHandle> {
    return this.held.folder.openFile(name, flags);
  }

  /** Takes the room on the disk that what comes after the installation needs: records, start script, entries of the journal. */
  async takeRoom(): Promise<void> {
    await this.giveRoom();
    const handle = await this.held.folder.openFile(
      ROOM,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
    );
    try {
      await handle.writeFile(Buffer.alloc(ROOM_BYTES, 1));
      await handle.sync();
    } catch (error) {
      throw explainFullDisk(
        error,
        this.held.folder.dir,
        'the release could not be made permanent after its installation',
      );
    } finally {
      await handle.close();
    }
  }

  /** Gives that room to what needs it now. */
  async giveRoom(): Promise<void> {
    await rm(join(this.held.folder.dir, ROOM), { force: true });
  }

  /** Begins the journal of a deploy; one that starts anew does not forget what the user's command has done before. */
  async begin(attempt: Attempt): Promise<void> {
    await this.held.lock.check();
    const before = beforeOfSame(this.journal, attempt);
    await this.journal.begin({ ...attempt, ...defined({ before }) }, this.options.hasCommands === true);
    this.log();
  }

  /** Writes what is about to be done into the journal. */
  async note(step: JournalStep): Promise<void> {
    await this.held.lock.check();
    await this.journal.write(step).catch(async (error: unknown) => {
      if (!(error instanceof DiskFullError)) throw error;
      await this.giveRoom();
      await this.journal.write(step);
    });
    if (step.step === 'install') this.installBegan = performance.now();
    this.log();
  }

  /** Nothing is left to go on with or to undo; the journal's end waits for the user's `after`, if that is due. */
  async end(nodeState: NodeState): Promise<void> {
    await (this.afterIsDue ? this.note({ step: 'after', nodeState }) : this.endWhole(nodeState));
  }

  /** Whether this deploy has done something after which the user's command is to be run, if there is one. */
  get afterIsDue(): boolean {
    const { hasAfter = false } = this.options;
    const { unfinished } = this.journal;
    if (!hasAfter || unfinished === undefined) return false;
    return unfinished.before !== undefined || CHANGES.some((step) => this.journal.has(step));
  }

  /** What was begun is taken back, and the same deploy starts anew. */
  async endAnew(nodeState: NodeState): Promise<void> {
    const { unfinished } = this.journal;
    const before = unfinished && beforeRun(unfinished, this.journal);
    await this.note({ step: 'end', nodeState, ...defined({ before }) });
  }

  /** Closes the journal. */
  async endWhole(nodeState: NodeState): Promise<void> {
    await this.note({ step: 'end', nodeState });
  }

  /** @throws {CancelledError} between two steps, when the job was cancelled. */
  stopIfCancelled(): void {
    const { cancel } = this.options;
    if (cancel?.aborted !== true) return;
    throw new CancelledError(`The deploy was cancelled (${String(cancel.reason)}).`);
  }

  /** The copies go with the journal's end, also when the deploy that ended it was killed before it could remove them. */
  async close(): Promise<void> {
    if (this.journal.unfinished === undefined) {
      for (const name of ['before', 'unpacked']) {
        await rm(join(this.held.folder.dir, name), { recursive: true, force: true });
      }
      await this.giveRoom();
    }
    await this.held.lock.release();
  }

  private get copies(): string {
    return join(this.options.deployRoot, DEPLOY_FOLDER, 'before');
  }

  private log(): void {
    const { last } = this.journal;
    if (last !== undefined) info(`Journal: ${entryText(last)}`);
  }
}

/** How far the user's `before` has come in a deploy that was begun. */
export function beforeRun(attempt: Attempt, journal: Pick<Journal, 'has'>): BeforeRun | undefined {
  if (attempt.before === 'done' || journal.has('before-done')) return 'done';
  return journal.has('before') ? 'interrupted' : attempt.before;
}

/** The same of the deploy before, when that was the same one and starts anew now. */
function beforeOfSame({ entries }: Journal, attempt: Attempt): BeforeRun | undefined {
  const [first] = entries;
  const last = entries.at(-1);
  if (first?.step !== 'begin' || last?.step !== 'end') return undefined;
  return isDeployOf(first.attempt, attempt, [attempt.packageSha256]) ? last.before : undefined;
}
