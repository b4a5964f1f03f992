import { info, warning } from '@actions/core';
import { copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uploadArtifact } from '../../phases/artifact.js';
import type { Facts } from '../../report/facts.js';
import { writeReport } from '../../report/report-file.js';
import { errorMessage } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import type { Workspace } from '../../shared/workspace.js';
import type { RelupInputs } from './inputs.js';
import { artifactNameOf } from './result.js';
import { logFolder } from './rehearse.js';

/**
 * After a failure between the relup and the manifest: keeps what explains it – report, relup, appups, logs – and nothing that
 * could be shipped, beside the workspace and as the artifact `<name>-failed`. It never throws: why the run failed matters.
 */
export async function keepFailure(inputs: RelupInputs, facts: Facts, workspace: Workspace): Promise<void> {
  if (facts.relup === undefined || facts.release === undefined || facts.manifest !== undefined) return;
  delete facts.packages;
  try {
    workspace.dropResult();
    const { name, version } = facts.release;
    const folder = workspace.resultFolder(`relup-${name}-${version}-failed`);
    facts.report = join(folder, 'report.json');
    await copyExplanations(facts, workspace, folder);
    await writeReport(folder, facts);
    if (!inputs.upload) return;
    await uploadFailure(inputs, facts, workspace, folder).catch((error: unknown) => {
      warning(`What explains the failure could not be uploaded: ${errorMessage(error)}`);
    });
  } catch (error) {
    delete facts.report;
    workspace.dropResult();
    warning(`What explains the failure could not be kept: ${errorMessage(error)}`);
  }
}

async function copyExplanations(facts: Facts, workspace: Workspace, folder: string): Promise<void> {
  if (facts.relup !== undefined) await copyFile(facts.relup.file, join(folder, 'relup'));
  const root = dirname(dirname(dirname(facts.relup?.file ?? '')));
  const appups = join(folder, 'appups');
  await mkdir(appups);
  for (const { application, version } of facts.appups ?? []) {
    const file = `${application}.appup`;
    await copyFile(join(root, 'lib', `${application}-${version}`, 'ebin', file), join(appups, file));
  }
  await cp(logFolder(workspace), join(folder, 'logs'), { recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}

async function uploadFailure(
  inputs: RelupInputs,
  facts: Facts,
  workspace: Workspace,
  folder: string,
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const artifact = await uploadArtifact({
    name: `${artifactNameOf(inputs, facts)}-failed`,
    rootDir: folder,
    files: entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)),
    // An earlier attempt of this run explains nothing any more.
    overwrite: true,
    workFolder: await workspace.folder('artifact'),
    ...defined({ retentionDays: inputs.retentionDays }),
  });
  facts.failedArtifact = artifact;
  info(`What explains the failure: artifact ${artifact.name} (${artifact.url ?? artifact.id})`);
}
