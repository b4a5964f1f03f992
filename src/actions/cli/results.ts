import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunRecord } from '../../report/run-record.js';
import { reportText } from '../../report/report-file.js';

/** Where packages go unless another folder is named; a folder of our own, where nobody keeps anything. */
export const DEFAULT_OUTPUT = '_build/relup';

/** Where a run has put what it made; undefined when it made nothing. */
function resultFolder({ report, manifest }: RunRecord): string | undefined {
  const file = report ?? manifest;
  return file === undefined ? undefined : dirname(file);
}

/**
 * Copies what a run made to a folder, and has the report name it there.
 *
 * @returns the names of the files; none when nothing was made
 */
export async function copyResults(record: RunRecord, target: string): Promise<readonly string[]> {
  const folder = resultFolder(record);
  if (folder === undefined) return [];
  // What an earlier run made of another version must not lie beside it.
  if (target === resolve(DEFAULT_OUTPUT)) await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(folder, target, { recursive: true });
  const report = join(target, 'report.json');
  await writeFile(report, moved(await readFile(report, 'utf8'), folder, target));
  return (await readdir(target)).sort();
}

/** The report for standard output, with files where they were copied to. */
export function reportFor(record: RunRecord, target: string | undefined): string {
  const folder = resultFolder(record);
  if (folder === undefined) return reportText(record);
  if (target !== undefined) return moved(reportText(record), folder, target);
  const others = Object.entries(record).filter(([name]) => name !== 'report');
  return reportText(Object.fromEntries(others) as unknown as RunRecord);
}

function moved(text: string, from: string, to: string): string {
  const inJson = (path: string): string => JSON.stringify(path).slice(1, -1);
  return text.replaceAll(inJson(from), inJson(to));
}
