import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, NodeRefusedError } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';
import type { NodeContext } from '../../node/node-context.js';
import type { BusyProcess } from '../../model/deploy.js';
import type { ScriptEffects } from '../../model/relup.js';

/** As long as release_handler itself waits. */
const LIMIT_MS = 5000;

/**
 * Every process that the relup suspends must answer: release_handler leaves out who does not, and it goes on with its old state
 * under the new code (H135).
 *
 * @throws {NodeRefusedError} naming them
 */
export async function checkAnswering(context: NodeContext, runs: string): Promise<void> {
  const [busy, ...others] = await withList(context, upgradeScript(context, runs), (file) =>
    context.control.call<BusyProcess[]>('busy', [file, String(LIMIT_MS)], 120),
  );
  if (busy === undefined) return;
  throw new NodeRefusedError(
    `The upgrade converts the state of the process ${busy.text}, which does not answer within 5 seconds: release_handler would leave it out, and it would go on with its old state under the new code.`,
    {
      remedy: 'Run this step again when it is less busy. If it hangs, see what it waits for, or restart it.',
      details: [busy, ...others].map(({ text }) => text).join('\n'),
    },
  );
}

/** What the relup does on the way from the version that runs; the instructions in the manifest are for Erlang to read. */
export function scriptEffects(context: NodeContext, runs: string): Promise<ScriptEffects> {
  return withList(context, upgradeScript(context, runs), (file) =>
    context.control.call<ScriptEffects>('script-effects', [file]),
  );
}

/** Nodes for which the relup waits, up or down (`sync_nodes`); `unknown` where a function tells them that cannot be asked yet. */
export function syncTargets(
  context: NodeContext,
  runs: string,
): Promise<{ readonly nodes: readonly string[]; readonly unknown: boolean }> {
  return withList(context, [...upgradeScript(context, runs), ...downgradeScript(context, runs)], (file) =>
    context.control.call('sync-targets', [file]),
  );
}

/** Lines of a file that Erlang can consult. */
function upgradeScript({ manifest }: NodeContext, runs: string): string[] {
  return linesOf(manifest.relup?.up.find(({ version }) => version === runs));
}

function downgradeScript({ manifest }: NodeContext, runs: string): string[] {
  return linesOf(manifest.relup?.down.find(({ version }) => version === runs));
}

function linesOf(script: { readonly instructions: readonly string[] } | undefined): string[] {
  return (script?.instructions ?? []).map((instruction) => `${instruction}.`);
}

/** From now on it is noted whom release_handler leaves out. @returns why that is not possible, for people */
export async function traceSuspensions({ control }: NodeContext): Promise<Finding | undefined> {
  try {
    await control.call('trace-suspensions');
    return undefined;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return {
      id: 'suspensions-not-traced',
      severity: 'warning',
      message: `It could not be watched whether every process was suspended for the upgrade: ${error.message}`,
      remedy: 'Stop what traces release_handler on the node (e.g. dbg:stop/0), before the next deploy.',
    };
  }
}

/** Whom release_handler left out since, and who is still there. Nobody, when nothing was noted. */
export async function leftOut({ control }: NodeContext): Promise<BusyProcess[]> {
  return (await control.call<BusyProcess[]>('left-out')).filter(({ alive }) => alive);
}

/** Ends the noting. */
export async function forgetSuspensions({ control }: NodeContext): Promise<void> {
  await control.call('forget-suspensions', [], 15).catch(ignoreRefusal);
}

/**
 * Keeps processes from answering release_handler while `work` is done, so that it leaves them out once more.
 *
 * @returns who was held: a supervisor, which has no state to convert, is not, nor is who ended meanwhile
 */
export async function holding<T>(
  context: NodeContext,
  processes: readonly BusyProcess[],
  work: () => Promise<T>,
): Promise<{ readonly held: readonly BusyProcess[]; readonly result: T }> {
  if (processes.length === 0) return { held: [], result: await work() };
  const pids = await withList(context, pidsOf(processes), (file) =>
    context.control.call<string[]>('hold', [file]),
  );
  try {
    return { held: processes.filter(({ pid }) => pids.includes(pid)), result: await work() };
  } finally {
    await context.control.call('let-go', [], 15).catch(ignoreRefusal);
  }
}

/** Ends processes, for their supervisors to start them with a new state. */
export async function endProcesses(context: NodeContext, processes: readonly BusyProcess[]): Promise<void> {
  if (processes.length === 0) return;
  await withList(context, pidsOf(processes), (file) => context.control.call('end-processes', [file]));
}

function pidsOf(processes: readonly BusyProcess[]): string[] {
  return processes.map(({ pid }) => pid);
}

async function withList<T>(
  { privateFolder }: NodeContext,
  lines: readonly string[],
  work: (file: string) => Promise<T>,
): Promise<T> {
  const file = join(privateFolder, `list-${randomUUID()}`);
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  try {
    return await work(file);
  } finally {
    await rm(file, { force: true });
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ActionError)) throw error;
}
