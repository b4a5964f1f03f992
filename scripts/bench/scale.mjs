// How time and memory grow with modules and with up-from versions.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generateProject } from './generated-project.mjs';
import { byAction } from './sequences.mjs';
import { megabytes, seconds, table } from './table.mjs';

const CASES = [
  { modules: 100, upFrom: 1 },
  { modules: 300, upFrom: 1 },
  { modules: 1000, upFrom: 1 },
  { modules: 3000, upFrom: 1 },
  { modules: 300, upFrom: 2 },
  { modules: 300, upFrom: 4 },
  { modules: 300, upFrom: 8 },
];

export async function benchScale(folder) {
  const rows = [['modules', 'up-from versions', 'time', 'peak memory of the action', 'of all processes']];
  for (const [index, { modules, upFrom }] of CASES.entries()) {
    const dir = join(folder, `scale-${index}`);
    mkdirSync(dir);
    const versions = Array.from({ length: upFrom + 1 }, (_, number) => `1.${number}.0`);
    const repository = generateProject({ dir: join(dir, 'source'), modules, versions });
    const to = versions.at(-1);
    const inputs = { 'upgrade-from': versions.slice(0, -1).join(',') };
    const run = await byAction(dir, repository, { to, inputs });
    process.stderr.write(`  ${modules} modules, ${upFrom} up-from: ${seconds(run.seconds)}\n`);
    rows.push([modules, upFrom, seconds(run.seconds), megabytes(run.peakOwn), megabytes(run.peakTree)]);
  }
  return table(rows);
}
