import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { info } from '@actions/core';
import { ActionError } from '../shared/errors.js';
import type { DeployManifest } from '../model/deploy-input.js';
import { placeInRoot } from '../node/inside-root.js';
import { readNodeState } from '../node/node-state.js';
import type { HandlerRelease, NodeSnapshot } from '../model/node.js';
import type { UpgradeContext } from './upgrade-context.js';

/**
 * Removes old releases, the oldest first, until `keep` are left with the running one (`release_handler:remove_release/1`, and
 * relx's start script of that version). A release is kept when something of it may be needed (H66); then, and when
 * removing fails, a finding tells so: the upgrade itself is done.
 */
export async function removeOldReleases(context: UpgradeContext, keep: number): Promise<void> {
  const { session, control, deployRoot, manifest } = context;
  try {
    const surplus = surplusReleases(await readNodeState(control), keep);
    for (const { version } of surplus) {
      const snapshot = await readNodeState(control);
      await refuseNeeded({ root: deployRoot, manifest, snapshot, version });
      await session.note({ step: 'remove-release', version });
      // the script first: while release_handler lists the release, all of this is tried again
      await rm(await placeInRoot(deployRoot, `bin/${manifest.name}-${version}`), { force: true });
      await control.call('remove-release', [version], context.stepSeconds);
      info(`Removed the old release ${version}.`);
    }
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    session.findings.push({
      id: 'old-release-kept',
      severity: 'warning',
      message: `Old releases were not removed as keep-releases says: ${error.message}`,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    });
  }
}

/** Those with status old that are too many, the oldest first. release_handler lists the newest first. Pure. */
export function surplusReleases({ releases }: NodeSnapshot, keep: number): HandlerRelease[] {
  const installed = (releases ?? []).filter(({ status }) => status === 'permanent' || status === 'old');
  const others = installed.filter(({ status }) => status === 'old');
  const kept = Math.max(0, keep - (installed.length - others.length));
  return others.slice(kept).reverse();
}

/** @throws {ActionError} when what would be removed is in use. */
async function refuseNeeded({
  root,
  manifest,
  snapshot,
  version,
}: {
  readonly root: string;
  readonly manifest: DeployManifest;
  readonly snapshot: NodeSnapshot;
  readonly version: string;
}): Promise<void> {
  const folders = removedFolders(manifest, snapshot, version).map((folder) => join(root, folder));
  const expected = new Map(manifest.applications.flatMap(({ modules }) => Object.entries(modules)));
  const inside = (path: string) => folders.find((folder) => path === folder || path.startsWith(`${folder}/`));
  // a module that did not change stays loaded from where it came, which is no reason to keep the file
  const foreign = snapshot.modules.find(
    ({ name, file, code }) => inside(file) && expected.get(name) !== code,
  );
  if (foreign !== undefined)
    throw new ActionError(`the node has loaded ${foreign.name} from ${foreign.file}.`);
  const path = snapshot.path.find((entry) => inside(entry));
  if (path !== undefined) throw new ActionError(`the node has ${path} in its code path.`);
  const pid = await processIn(inside);
  if (pid !== undefined) throw new ActionError(`the process ${pid} runs a program or works in ${version}.`);
}

/**
 * What release_handler would remove: libraries that no other registered release lists. So the running one must list all its
 * own, or they would go, too. Pure.
 *
 * @throws {ActionError}
 */
export function removedFolders(
  manifest: DeployManifest,
  { releases }: NodeSnapshot,
  version: string,
): string[] {
  const all = releases ?? [];
  const running = all.find(({ status }) => status === 'permanent');
  const own = manifest.applications.map((application) => `${application.name}-${application.version}`);
  const unlisted = own.filter((application) => running?.applications.includes(application) !== true);
  if (running?.version !== manifest.version || unlisted.length > 0) {
    throw new ActionError(
      `release_handler's record of ${manifest.version} (releases/RELEASES) lacks ${unlisted.join(', ')}.`,
      { remedy: 'Put back the RELEASES file that was installed with the release, and restart the node.' },
    );
  }
  const needed = new Set(
    all.filter((release) => release.version !== version).flatMap(({ applications }) => applications),
  );
  const removed = all.find((release) => release.version === version)?.applications ?? [];
  const libraries = removed.filter((application) => !needed.has(application));
  return [`releases/${version}`, ...libraries.map((library) => `lib/${library}`)];
}

/** A port program of the node's, or anything else that was started from there. */
async function processIn(inside: (path: string) => string | undefined): Promise<string | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const link of ['exe', 'cwd']) {
      const path = await readlink(`/proc/${pid}/${link}`).catch(() => '');
      if (inside(path) !== undefined) return pid;
    }
  }
  return undefined;
}
