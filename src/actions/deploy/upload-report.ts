import { warning } from '@actions/core';
import { dirname } from 'node:path';
import { uploadArtifact } from '../../artifact/upload.js';
import { reportPage } from '../../report/report-file.js';
import { errorMessage } from '../../shared/errors.js';
import type { Attendant } from '../run.js';

/**
 * Uploads the report of a run when everything else of it is over, also after a failure; what stood under the name is replaced.
 *
 * @throws {ActionError} when the deploy succeeded, but nobody will learn of it
 */
export async function uploadingReport(
  name: string,
  work: (onEnd: Attendant['onEnd']) => Promise<void>,
): Promise<void> {
  let report: string | undefined;
  try {
    await work((record) => {
      report = record.report;
    });
  } catch (error) {
    await upload(name, report).catch((second: unknown) => {
      warning(`The report could not be uploaded: ${errorMessage(second)}`);
    });
    throw error;
  }
  await upload(name, report);
}

async function upload(name: string, report: string | undefined): Promise<void> {
  if (report === undefined) return;
  const rootDir = dirname(report);
  await uploadArtifact({
    name,
    rootDir,
    files: [report, reportPage(report)],
    overwrite: true,
    workFolder: rootDir,
  });
}
