import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from './run-record.js';

/** `report.json`: everything the run learned, with times, for people and scripts; the manifest is the contract. */
export async function writeReport(folder: string, record: RunRecord): Promise<string> {
  const path = join(folder, 'report.json');
  await writeFile(path, `${JSON.stringify(record, withoutModules, 1)}\n`);
  return path;
}

/** Module lists stand in the manifest; here they would bury everything else. */
function withoutModules(key: string, value: unknown): unknown {
  return key === 'applications' && Array.isArray(value)
    ? value.map(
        ({ name, version }: { readonly name: string; readonly version: string }) => `${name}-${version}`,
      )
    : value;
}
