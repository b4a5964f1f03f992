import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { NodeRefusedError } from '../shared/errors.js';
import { readPlainFile } from './plain-file.js';
import { anyNodeRuns, type NodeProcess } from './node-process.js';
import { isAlive, scriptVersion } from './release-script.js';
import type { NodeContext } from './node-context.js';

/** A service manager, or heart, starts the next one within seconds, if it does at all. */
const FOLLOWS_MS = 15_000;

/** When a node was first seen to be gone, by performance.now(). */
const seenGone = new WeakMap<NodeProcess, number>();

const LOG_LINES = 40;

/** The process of the node is gone, and nobody started another one: there is nothing to go back with. */
export class NodeEndedError extends NodeRefusedError {}

/**
 * Whether the node's process is gone for good; a node that does not answer is something else.
 *
 * @returns what is to be said then; undefined while it, or another one from the same root, is there
 */
export async function nodeEnd(context: NodeContext): Promise<NodeEndedError | undefined> {
  const { node, deployRoot } = context;
  if (await isAlive(node.pid)) return undefined;
  const gone = seenGone.get(node) ?? performance.now();
  seenGone.set(node, gone);
  for (;;) {
    if (await anyNodeRuns(deployRoot)) return undefined;
    if (performance.now() - gone >= FOLLOWS_MS) break;
    await setTimeout(500);
  }
  const boots = await nextBoot(context);
  return new NodeEndedError(
    `The node (process id ${node.pid}) ended${since(context.installBegan?.(), gone)}, and nobody started another one.`,
    {
      remedy: `See why in its log, then start it${boots === undefined ? '' : `: it boots ${boots}`}. Run this step again after that.`,
      details: await lastWords(node.environment['RUNNER_LOG_DIR'] ?? join(deployRoot, 'log')),
    },
  );
}

function since(begun: number | undefined, gone: number): string {
  if (begun === undefined) return '';
  const seconds = Math.max(1, Math.ceil((gone - begun) / 1000));
  return ` within ${seconds} ${seconds === 1 ? 'second' : 'seconds'} after the installation began`;
}

/** relx writes the version into its script; other ways to start a release read the file that release_handler writes. */
async function nextBoot({ deployRoot, manifest }: NodeContext): Promise<string | undefined> {
  const script = await scriptVersion(join(deployRoot, 'bin', manifest.name));
  if (script !== undefined) return script;
  const text = await readPlainFile(join(deployRoot, 'releases/start_erl.data')).catch(() => undefined);
  return text?.trim().split(/\s+/)[1];
}

/** Of the newest of run_erl's logs, where it has some. */
async function lastWords(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith('erlang.log.'));
  const logs = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, changed: (await stat(file).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const newest = logs.sort((one, other) => other.changed - one.changed)[0];
  if (newest === undefined) return undefined;
  const text = (await readPlainFile(newest.file).catch(() => undefined)) ?? '';
  return text.trimEnd().split(/\r?\n/).slice(-LOG_LINES).join('\n');
}
