import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactNames, downloadPackages } from '../../artifact/download.js';
import { uploadArtifact } from '../../artifact/upload.js';
import { artifactOf } from './plan.js';
import type { NodeReport, Progress } from './rows.js';

/** What the jobs of a rollout have left so far. @throws {ActionError} when the artifact service does not tell */
export async function readProgress(prefix: string): Promise<Progress> {
  const names = await artifactNames(`${prefix}-`);
  const reports = new Map<string, NodeReport>();
  for (const name of names.filter((one) => !one.startsWith(`${prefix}-begun-`))) {
    reports.set(name, await withFolder((folder) => readReport(name, folder)));
  }
  return { prefix, names: new Set(names), reports };
}

/** Leaves a mark, so that others learn of this job even if it ends without a word. */
export async function markBegun(prefix: string, index: number): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, 'begun');
    await writeFile(file, `${index}\n`);
    const name = artifactOf(prefix, 'begun', index);
    await uploadArtifact({ name, rootDir: folder, files: [file], overwrite: true, workFolder: folder });
  });
}

async function readReport(name: string, folder: string): Promise<NodeReport> {
  await downloadPackages({ name }, folder);
  return JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as NodeReport;
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'relup-rolling-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
