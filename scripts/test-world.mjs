// npm run test:world [-- --only PARTS,OF,NAMES] [-- --sample] [-- --report FILE] [-- --write] [-- --keep]
// Real libraries at two real versions, on the Erlang/OTP of the PATH; --sample takes a few; --write writes the table of docs/world.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fetchSources, worldFolder } from './world/fetch.mjs';
import { writeTable } from './world/table.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    sample: { type: 'boolean' },
    report: { type: 'string' },
    write: { type: 'boolean' },
    keep: { type: 'boolean' },
  },
});

mkdirSync(worldFolder, { recursive: true });
for (const reason of await fetchSources()) console.log(`Not had: ${reason}.`);

const folder = mkdtempSync(join(tmpdir(), 'relup-world-report-'));
const report = values.report ?? join(folder, 'report');
const variables = {
  RELUP_WORLD_DIR: worldFolder,
  WORLD_ONLY: values.only,
  WORLD_SAMPLE: values.sample === true ? 'true' : undefined,
  WORLD_REPORT: report,
  WORLD_KEEP: values.keep === true ? 'true' : undefined,
};
const given = Object.entries(variables).filter(([, value]) => value !== undefined);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'world'], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, ...Object.fromEntries(given) },
});
if (values.write === true) await writeTable(report);
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
