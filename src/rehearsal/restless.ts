import { debug } from '@actions/core';
import { setTimeout } from 'node:timers/promises';
import type { NodeObservation } from './compare/observation.js';
import { childrenOf } from './compare/supervision.js';
import { ActionError } from '../shared/errors.js';
import { Lane, type VersionContext } from './lane.js';
import { installRelease } from './roots.js';

/** How long a node is watched at least and at most. */
const WATCH_MS = { least: 5000, most: 15_000 };

/**
 * Processes that end now and then by themselves, e.g. because a server is missing that they connect to, have not died of the
 * upgrade. Where some died, the up-from release is booted once more and watched without one: what ends there, too, is a warning.
 */
export async function excuseRestless(context: VersionContext): Promise<void> {
  const { recorder } = context;
  const died = recorder.findings.filter(({ id }) => id === 'rehearsal-process-died');
  if (died.length === 0) return;
  const restless = await restlessProcesses(context);
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
}

async function restlessProcesses(context: VersionContext): Promise<ReadonlySet<string>> {
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
    debug(`watching what ends by itself: ${error.message}`);
    return new Set();
  } finally {
    lane.close();
  }
}

/** Place → process. */
function processes(node: NodeObservation): Map<string, string | undefined> {
  return new Map([...childrenOf(node).values()].map(({ place, child }) => [place, child.process?.pid]));
}
