import { debug } from '@actions/core';
import { setTimeout } from 'node:timers/promises';
import type { NodeObservation } from './compare/observation.js';
import { childrenOf } from './compare/supervision.js';
import { ActionError } from '../shared/errors.js';
import { Lane, type VersionContext } from './lane.js';
import { isAlive } from '../node/release-script.js';
import { installRelease } from './roots.js';
import { LOG_DETAILS } from './scratch/scratch-node.js';

/** How long a node is watched at least and at most. */
const WATCH_MS = { least: 5000, most: 15_000 };

/**
 * Processes that end now and then by themselves, e.g. because a server is missing that they connect to, have not died of the
 * upgrade. Where some died, the up-from release is booted once more and watched without one: what ends there, too, is a warning.
 *
 * @param isGone whether the node that was upgraded has ended, and not while a release was installed
 * @returns that and why the whole node ended there, so that nothing can be said of an upgrade
 */
export async function excuseRestless(
  context: VersionContext,
  isGone: boolean,
): Promise<ActionError | undefined> {
  const { recorder } = context;
  const died = recorder.findings.filter(({ id }) => id === 'rehearsal-process-died');
  if (died.length === 0 && !isGone) return undefined;
  const restless = await restlessProcesses(context);
  if (restless instanceof ActionError) return restless;
  for (const finding of died) {
    if (finding.process === undefined || !restless.has(finding.process)) continue;
    recorder.replace(finding, {
      ...finding,
      severity: 'warning',
      message: `The process ${finding.process} ended during the step "${finding.step}" and was started again, which it also does without an upgrade; so its end says nothing about this one.`,
      remedy:
        "Give the step what the process needs (`env`, the job's `services`), so that it stays alive; its crash reports are in the node's log.",
    });
  }
  return undefined;
}

async function restlessProcesses(context: VersionContext): Promise<ReadonlySet<string> | ActionError> {
  const longest = Math.max(0, ...Object.values(context.recorder.installations).map(({ seconds }) => seconds));
  const wait = Math.min(Math.max(WATCH_MS.least, 2000 * longest), WATCH_MS.most);
  if (1000 * context.remaining() < 2 * wait) return new Set();
  const lane = await Lane.open(context, 'restless');
  try {
    await installRelease(context.upFrom, lane.root);
    await lane.boot();
    const before = processes(await lane.observe());
    await setTimeout(wait);
    const after = processes(await lane.observe());
    return new Set([...before].filter(([place, pid]) => after.get(place) !== pid).map(([place]) => place));
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    if (lane.isOpen && !(await isAlive(lane.running.process.pid))) return endedByItself(lane.running.log);
    debug(`watching what ends by itself: ${error.message}`);
    return new Set();
  } finally {
    lane.close();
  }
}

function endedByItself(log: readonly string[]): ActionError {
  // Kernel pid terminated (application_controller) ({application_terminated,shop,shutdown})
  const [, application] = /\{application_terminated,'?([a-z][\w@]*)'?,/.exec(log.join('\n')) ?? [];
  const why = application === undefined ? '' : `, because its application ${application} ended`;
  return new ActionError(`its node ends by itself, without an upgrade${why}.`, {
    details: log.slice(-LOG_DETAILS).join('\n'),
  });
}

/** Place → process. */
function processes(node: NodeObservation): Map<string, string | undefined> {
  return new Map([...childrenOf(node).values()].map(({ place, child }) => [place, child.process?.pid]));
}
