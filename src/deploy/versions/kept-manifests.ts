import { constants } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployManifest } from '../../model/deploy-input.js';
import { DEPLOY_FOLDER } from '../session/deploy-folder.js';
import type { DeploySession } from '../session/deploy-session.js';
import { errorMessage } from '../../shared/errors.js';

/** The manifests of releases that a deploy brought, for the way back; relative to the installed root. */
const FOLDER = `${DEPLOY_FOLDER}/manifests`;

function fileOf(version: string): string {
  return `${version}.json`;
}

/** Keeps the manifest of what runs for good, and of nothing that is not installed any more. A failure is only told. */
export async function keepManifest(
  session: DeploySession,
  deployRoot: string,
  manifest: DeployManifest,
): Promise<void> {
  try {
    await mkdir(join(deployRoot, FOLDER), { recursive: true, mode: 0o700 });
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
    const handle = await session.openFile(`manifests/${fileOf(manifest.version)}`, flags);
    try {
      await handle.writeFile(JSON.stringify(manifest));
      await handle.sync();
    } finally {
      await handle.close();
    }
    const installed = (await readdir(join(deployRoot, 'releases'))).map(fileOf);
    for (const name of await readdir(join(deployRoot, FOLDER))) {
      if (!installed.includes(name)) await rm(join(deployRoot, FOLDER, name), { force: true });
    }
  } catch (error) {
    session.findings.push({
      id: 'manifest-not-kept',
      severity: 'warning',
      message: `The manifest of ${manifest.version} could not be kept, so there is no hot way back by \`version\`: ${errorMessage(error)}`,
      remedy: 'Run this step again.',
    });
  }
}

/** Undefined when there is none, or it cannot be read. */
export async function keptManifest(deployRoot: string, version: string): Promise<DeployManifest | undefined> {
  try {
    const text = await readFile(join(deployRoot, FOLDER, fileOf(version)), 'utf8');
    const manifest = JSON.parse(text) as DeployManifest;
    return manifest.version === version ? manifest : undefined;
  } catch {
    return undefined;
  }
}
