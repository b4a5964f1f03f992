import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYED_FILE, deployedText, parseDeployed } from '../model/deployed.js';
import { replaceFile } from '../node/durable-file.js';
import { readPlainFile } from '../node/plain-file.js';
import { errorMessage } from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import type { UpgradeContext } from './upgrade-context.js';

/**
 * Leaves what runs for good in the installed root, for builds that upgrade from it (`upgrade-from: deployed`). The upgrade has
 * succeeded without it, so that a failure is only told.
 */
export async function noteDeployed(context: UpgradeContext, version: string): Promise<void> {
  await attempt(context, async (path, before) => {
    const { manifest, node, privateFolder } = context;
    const { commit } = [manifest, ...manifest.upFrom].find((one) => one.version === version) ?? {};
    const text = deployedText({ name: manifest.name, version, ...defined({ commit }) });
    if (before === text) return;
    if (before !== undefined && parseDeployed(before) === undefined) {
      throw new Error('there is a file of that name that no deploy wrote');
    }
    const source = join(privateFolder, DEPLOYED_FILE);
    await writeFile(source, text);
    await replaceFile(path, source, { uid: node.uid, gid: node.gid, mode: 0o644 });
  });
}

/** After a downgrade, which leaves all files as they were: only what says something else is put right. */
export async function correctDeployed(context: UpgradeContext, version: string): Promise<void> {
  await attempt(context, async (_path, before) => {
    if (before === undefined || parseDeployed(before)?.version === version) return;
    await noteDeployed(context, version);
  });
}

async function attempt(
  { deployRoot, session }: UpgradeContext,
  write: (path: string, before: string | undefined) => Promise<void>,
): Promise<void> {
  const path = join(deployRoot, DEPLOYED_FILE);
  try {
    // What is no plain file is replaced, and never written through.
    await write(path, (await readPlainFile(path)) ?? undefined);
  } catch (error) {
    session.findings.push({
      id: 'deployed-not-noted',
      severity: 'warning',
      message: `${path} could not be written, so it does not say what runs now: ${errorMessage(error)}`,
      remedy: 'Run this step again, or name what runs in upgrade-from.',
    });
  }
}
