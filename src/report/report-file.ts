import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { htmlOf } from './document/html.js';
import { reportOf } from './report.js';
import type { RunRecord } from './run-record.js';

/**
 * Writes `report.json`, everything the run learned, with times, for scripts (the manifest is the contract), and beside it
 * `report.html`, what people want to know of that.
 *
 * @returns the path of report.json
 */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  const path = join(folder, 'report.json');
  await writeFile(path, reportText(record));
  await writeFile(reportPage(path), htmlOf(reportOf(record)));
  return path;
}

/** report.json as text. Pure. */
export function reportText(record: RunRecord): string {
  return `${JSON.stringify(record, withoutModules, 1)}\n`;
}

/** Where report.html lies. */
export function reportPage(report: string): string {
  return join(dirname(report), 'report.html');
}

/** Module lists stand in the manifest; here they would bury everything else. */
function withoutModules(key: string, value: unknown): unknown {
  return key === 'applications' && Array.isArray(value)
    ? value.map(
        ({ name, version }: { readonly name: string; readonly version: string }) => `${name}-${version}`,
      )
    : value;
}
