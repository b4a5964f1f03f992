import { debug, info } from '@actions/core';
import { setTimeout } from 'node:timers/promises';
import type { DeployPackage } from '../../model/deploy-input.js';
import type { RehearsedCluster } from '../../model/rehearsal.js';
import type { RelupEffects } from '../../model/relup.js';
import type { NodeContext } from '../../node/node-context.js';
import { ActionError } from '../../shared/errors.js';
import { installVersion, unpackVersion } from '../install-step.js';
import type { Lane, VersionContext } from '../lane.js';
import type { ClusterFinding } from './cluster-findings.js';
import { keyOf, sharedOf } from './losses.js';
import { bootPair, checkPair, type Pair } from './pair.js';
import { crashFindings, NOTHING, watchPair } from './watch.js';

/** How long two nodes of the same version are watched, at least and at most. */
const WATCH_MS = { least: 2000, most: 10_000 };

/**
 * Two connected nodes, the up-from release and the new one (H93): both run, then the first is upgraded while they are connected.
 * Where the relup waits for other nodes (`sync_nodes`), both are up-from nodes and are upgraded at the same time.
 *
 * What two nodes of the same version do to each other as well is no finding.
 *
 * @param keep is told what came of it, also when a step fails
 * @throws {ActionError} when a step cannot be carried out
 */
export async function rehearseCluster(
  context: VersionContext,
  { upgrade, relup }: { readonly upgrade: DeployPackage; readonly relup: RelupEffects },
  keep: (cluster: RehearsedCluster) => void,
): Promise<void> {
  const { recorder } = context;
  const opened: Lane[] = [];
  const found: ClusterFinding[] = [];
  const together = relup.up.syncs.length > 0;
  let came: ((usual: ReadonlySet<string>) => RehearsedCluster) | undefined;
  try {
    const pair = await recorder.take('cluster', async () => {
      const second = together ? 'up-from' : 'release';
      const booted = await bootPair(context, { name: 'cluster', second }, opened);
      await runConnected(booted, found);
      return booted;
    });
    const versions = [pair[0].runs, pair[1].runs] as const;
    recorder.note('cluster', 'cluster', 'processes');
    await recorder.take('cluster upgrade', async () => {
      const { failure, looks, losses, ...watched } = await watchPair({
        ...{ pair, step: 'cluster upgrade' },
        scripts: [relup.up, together ? relup.up : NOTHING],
        work: () => upgradePair(pair, upgrade, together),
      });
      found.push(...watched.found);
      const [look] = looks;
      if (look !== undefined) {
        recorder.note('cluster upgrade', 'cluster', 'processes');
        came = (usual) => {
          const lost = losses.filter((loss) => !usual.has(keyOf(loss)));
          return { versions, together, shared: sharedOf(look, lost) };
        };
      }
      if (failure !== undefined) throw failure;
    });
  } finally {
    for (const lane of opened) lane.close();
    const usual = found.length === 0 ? new Set<string>() : await usualIn(context);
    for (const { key, finding } of found) {
      if (usual.has(key)) info(`Two nodes of ${context.upFrom.version} do the same: ${finding.message}`);
      else recorder.add(finding);
    }
    if (came !== undefined) keep(came(usual));
  }
}

async function runConnected(pair: Pair, found: ClusterFinding[]): Promise<void> {
  try {
    await checkPair(pair, 'cluster', 'cluster-mixed');
  } finally {
    found.push(...(await crashFindings(pair, 'cluster')));
  }
}

async function upgradePair(pair: Pair, upgrade: DeployPackage, together: boolean): Promise<void> {
  const members = together ? pair : [pair[0]];
  const names = members.map(({ lane }) => lane.running.process.nodeName);
  const unpacked: NodeContext[] = [];
  for (const { lane, runs } of members) {
    const others = names.filter((name) => name !== lane.running.process.nodeName);
    unpacked.push(await unpackVersion(lane, upgrade, { runs, together: others }));
  }
  // A node that fails leaves the other one waiting: both are waited for, and the first reason is told.
  const ends = await Promise.allSettled(
    members.map(({ lane }, index) => {
      const context = unpacked[index] as NodeContext;
      return installVersion({ lane, step: 'cluster upgrade', context, version: context.manifest.version });
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
  for (const member of members) member.runs = member.lane.context.manifest.version;
  await checkPair(pair, 'cluster upgrade', 'cluster-upgraded');
}

/** What two connected nodes of the up-from release do to each other without any upgrade. @returns keys of findings */
async function usualIn(context: VersionContext): Promise<ReadonlySet<string>> {
  const opened: Lane[] = [];
  const found: ClusterFinding[] = [];
  try {
    const pair = await bootPair(context, { name: 'usual', second: 'up-from' }, opened);
    await runConnected(pair, found);
    const watched = await watchPair({
      ...{ pair, step: 'cluster', scripts: [NOTHING, NOTHING] },
      work: () => goOn(context, pair),
    });
    found.push(...watched.found);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    debug(`two nodes of ${context.upFrom.version}: ${error.message}`);
  } finally {
    for (const lane of opened) lane.close();
  }
  return new Set(found.map(({ key }) => key));
}

async function goOn({ recorder }: VersionContext, pair: Pair): Promise<void> {
  const took = 1000 * (recorder.installations['cluster upgrade']?.seconds ?? 0);
  await setTimeout(Math.min(Math.max(WATCH_MS.least, took), WATCH_MS.most));
  await checkPair(pair, 'cluster', 'cluster-upgraded');
}
