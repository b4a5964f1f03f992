import { info, warning } from '@actions/core';
import { copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { uploadArtifact } from '../../artifact/upload.js';
import type { Relup } from '../../model/relup.js';
import type { RunRecord } from '../../report/run-record.js';
import { writeReport } from '../../report/report-file.js';
import { writeAppupFiles } from '../../plan/appups/appup-files.js';
import { errorMessage } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import type { Workspace } from '../../shared/workspace.js';
import type { RelupInputs } from './relup-inputs.js';
import { artifactNameOf } from './result.js';
import type { Run } from '../run.js';
import { logFolder } from './rehearse-made.js';

const FAILURE = 'Failure';

/**
 * After a failure between the relup and the manifest: keeps what explains it – report, relup, appups, logs – and nothing that
 * could be shipped, beside the workspace and as the artifact `<name>-failed`. It never throws: why the run failed matters.
 */
export async function keepFailure(inputs: RelupInputs, run: Run): Promise<void> {
  const { relup, release, manifest } = run.record;
  if (relup === undefined || release === undefined || manifest !== undefined) return;
  const { workspace } = run;
  run.forget('Package');
  try {
    workspace.dropResult();
    const folder = workspace.resultFolder(`relup-${release.name}-${release.version}-failed`);
    run.note(FAILURE, { report: join(folder, 'report.json') });
    await copyExplanations({ record: run.record, relup, workspace, folder });
    await writeReport(folder, run.record);
    if (!inputs.upload) return;
    await uploadFailure(inputs, run, folder).catch((error: unknown) => {
      warning(`What explains the failure could not be uploaded: ${errorMessage(error)}`);
    });
  } catch (error) {
    run.forget(FAILURE);
    workspace.dropResult();
    warning(`What explains the failure could not be kept: ${errorMessage(error)}`);
  }
}

async function copyExplanations({
  record,
  relup,
  workspace,
  folder,
}: {
  readonly record: RunRecord;
  readonly relup: Relup;
  readonly workspace: Workspace;
  readonly folder: string;
}): Promise<void> {
  const { appups = [] } = record;
  await copyFile(relup.file, join(folder, 'relup'));
  const root = dirname(dirname(dirname(relup.file)));
  const target = join(folder, 'appups');
  await mkdir(target);
  for (const { application, version } of appups) {
    const file = `${application}.appup`;
    await copyFile(join(root, 'lib', `${application}-${version}`, 'ebin', file), join(target, file));
  }
  // beside what was installed: what a person can adopt and change
  await writeAppupFiles(folder, appups);
  await cp(logFolder(workspace), join(folder, 'logs'), { recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
}

async function uploadFailure(inputs: RelupInputs, run: Run, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const artifact = await uploadArtifact({
    name: `${artifactNameOf(inputs, run.record)}-failed`,
    rootDir: folder,
    files: entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)),
    // An earlier attempt of this run explains nothing any more.
    overwrite: true,
    workFolder: await run.workspace.folder('artifact'),
    ...defined({ retentionDays: inputs.retentionDays }),
  });
  run.note(FAILURE, { failedArtifact: artifact });
  info(`What explains the failure: artifact ${artifact.name} (${artifact.url ?? artifact.id})`);
}
