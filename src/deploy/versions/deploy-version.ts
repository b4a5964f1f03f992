import { info } from '@actions/core';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployManifest } from '../../model/deploy-input.js';
import type { DeployResult, JournalEntry } from '../../model/deploy.js';
import { startData } from '../../node/release-emulator.js';
import { NodeRefusedError } from '../../shared/errors.js';
import { exists } from '../../shared/exists.js';
import { deployRelease } from '../deploy.js';
import type { DeployOptions } from '../deploy-options.js';
import { describeInstalled } from '../look.js';
import { checkOtherDeploys } from '../preflight/preflight.js';
import { Journal } from '../session/journal.js';
import { siteOf } from '../site.js';
import { keptManifest } from './kept-manifests.js';
import { wayBack } from './way-back.js';

export interface VersionOptions extends Omit<DeployOptions, 'manifest' | 'upgradePackage' | 'fullPackage'> {
  /** An installed release version, or `previous`: what ran before the latest deploy. */
  readonly version: string;
  /** Of a package that was given, too: only its release is taken back. */
  readonly manifest?: DeployManifest | undefined;
}

/**
 * Has an installed release run again: hot by the relup of what runs, where its way down leads there, else by a restart.
 *
 * @throws {NodeRefusedError | DeployError} as `deployRelease`
 */
export async function deployVersion(options: VersionOptions): Promise<DeployResult> {
  const { version: runs } = await startData(options.deployRoot);
  const deployRoot = await realpath(options.deployRoot);
  const target = await targetOf(options, deployRoot, runs);
  if ('nothing' in target) return nothingToDo(target.nothing, runs);
  const { version } = target;
  if (!(await exists(join(deployRoot, 'releases', version, 'start.boot')))) {
    throw new NodeRefusedError(`The release ${version} is not installed in ${deployRoot}.`, {
      remedy: 'Write a version of those below releases/, or deploy its package.',
    });
  }
  const manifest = await manifestFor({ ...options, deployRoot }, runs, version);
  return deployRelease({ ...options, manifest, goesBack: true });
}

type Target = { readonly version: string } | { readonly nothing: string };

async function targetOf(options: VersionOptions, deployRoot: string, runs: string): Promise<Target> {
  const { version, manifest } = options;
  const journal = await Journal.read(deployRoot);
  const unfinished = unfinishedBack(journal);
  if (unfinished !== undefined && (version === 'previous' || version === unfinished)) {
    return { version: unfinished };
  }
  await checkOtherDeploys(deployRoot);
  if (manifest !== undefined && manifest.version !== runs) {
    const nothing = `What is installed boots ${runs}, not ${manifest.version}, so there is nothing to take back.`;
    if (version === 'previous') return { nothing };
    throw new NodeRefusedError(nothing, { remedy: 'Leave the package out, or deploy it first.' });
  }
  if (version !== 'previous') {
    return version === runs ? { nothing: `What is installed boots ${runs} already.` } : { version };
  }
  return previous(journal);
}

/** Where a way back was interrupted. */
function unfinishedBack(journal: readonly JournalEntry[]): string | undefined {
  const [first] = journal;
  if (first?.step !== 'begin' || first.attempt.goesBack !== true) return undefined;
  return journal.at(-1)?.step === 'end' ? undefined : first.attempt.version;
}

/** Pure: what ran before the latest deploy, if that changed what runs. */
function previous(journal: readonly JournalEntry[]): Target {
  const [first] = journal;
  const last = journal.at(-1);
  const changed = last?.step === 'end' && ['upgraded', 'restarted'].includes(last.nodeState);
  if (first?.step !== 'begin' || !changed || first.attempt.from === first.attempt.version) {
    return { nothing: 'The latest deploy left another release than before on no node here.' };
  }
  return { version: first.attempt.from };
}

function nothingToDo(way: string, runs: string): DeployResult {
  info(way);
  const record = { findings: [], journal: [] };
  return { deployedVersion: runs, nodeState: 'untouched', way, record };
}

async function manifestFor(options: VersionOptions, runs: string, version: string): Promise<DeployManifest> {
  const { deployRoot, manifest } = options;
  const kept = manifest ?? (await keptManifest(deployRoot, runs));
  const back = kept === undefined ? undefined : wayBack(kept, version);
  if (back !== undefined) return back;
  if (options.allowRestart !== true) {
    throw new NodeRefusedError(
      `There is no hot way from ${runs} to ${version}: no manifest of ${runs} is kept here whose relup leads down to it.`,
      { remedy: 'Set `allow-restart: true`, and the node is restarted into it.' },
    );
  }
  return restartManifest(options, version);
}

/** As it lies there. */
async function restartManifest(options: VersionOptions, version: string): Promise<DeployManifest> {
  const boots = await startData(options.deployRoot);
  const bare: DeployManifest = {
    ...{ name: '', version: '', erts: boots.erts, applications: [], upFrom: [] },
    toolchain: { otpRelease: '', architecture: '' },
  };
  const site = await siteOf({ ...options, manifest: bare });
  const found = await describeInstalled(site, { version, erts: boots.erts });
  return { ...found, upgradeKind: 'restart', verdict: 'restart' };
}
