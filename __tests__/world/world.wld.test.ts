import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileErlang } from '../../src/programs/erlang.js';
import { compilePrograms } from '../scenarios/build.js';
import { complaint } from './expectation.js';
import { outcomeOf } from './outcome.js';
import { Sources } from './project.js';
import { Report } from './report.js';
import { chosenRows } from './rows/index.js';
import { missingTarball, obstacle } from './obstacle.js';

const MINIMUM = 15;
const rows = chosenRows();
const keepFiles = process.env['WORLD_KEEP'] !== undefined;
const folder = mkdtempSync(join(tmpdir(), 'relup-world-'));
const sources = new Sources(process.env['RELUP_WORLD_DIR'] ?? '', join(folder, 'sources'));
const report = new Report(() => otp);
let programs: string;
let otp: string;

beforeAll(async () => {
  for (const name of ['sources', 'action']) mkdirSync(join(folder, name));
  const erlang = await compileErlang(join(folder, 'action'));
  otp = (await erlang.query<{ otpRelease: string }>('toolchain', [])).otpRelease;
  programs = await compilePrograms(folder);
});

afterAll(() => {
  report.print();
  if (!keepFiles) rmSync(folder, { recursive: true, force: true });
});

describe.concurrent('real libraries, upgraded and downgraded', () => {
  it.each(rows)('$name', async (row) => {
    const missing = obstacle(row, sources, otp);
    if (missing !== undefined) return report.skip(row.name, missing);
    const own = join(folder, row.name.replace(/[^\w.]+/g, '-'));
    mkdirSync(own);
    const outcome = await outcomeOf(row, { sources, programs, folder: own });
    if (!keepFiles) rmSync(own, { recursive: true, force: true });
    const wrong = complaint(row, outcome);
    report.add(row, outcome, wrong);
    if (wrong !== undefined) expect.fail(wrong);
  });
});

describe('the pool', () => {
  it('still gives enough of them', () => {
    const had = rows.filter((row) => missingTarball(row, sources) === undefined).length;
    expect(had).toBeGreaterThanOrEqual(Math.min(MINIMUM, rows.length));
  });
});
