import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildScenarios, compilePrograms, type BuiltScenario } from './build.js';
import { chosenScenarios } from './corpus/index.js';
import { complaint } from './expectation.js';
import { Report } from './report.js';
import { outcomeOf, type Programs } from './outcome.js';
import { sharedErlang } from '../support/shared-erlang.js';

vi.mock('@actions/core');

const scenarios = chosenScenarios();
const folder = mkdtempSync(join(tmpdir(), 'relup-scenarios-'));
const built = new Map<string, BuiltScenario>();
const keepFiles = process.env['SCENARIO_KEEP'] !== undefined;
const report = new Report();
let programs: Programs;
let otp: string;

beforeAll(async () => {
  mkdirSync(join(folder, 'action'));
  const erlang = await sharedErlang(join(folder, 'action'));
  otp = (await erlang.query<{ otpRelease: string }>('toolchain', [])).otpRelease;
  programs = { erlang, ebin: await compilePrograms(folder) };
  for (const one of await buildScenarios(folder, programs.ebin, scenarios)) built.set(one.scenario.name, one);
});

afterAll(() => {
  report.print();
  if (!keepFiles) rmSync(folder, { recursive: true, force: true });
});

describe.concurrent('upgrade and downgrade on a real node', () => {
  it.each(scenarios)('$name', async (scenario) => {
    const one = built.get(scenario.name);
    if (one === undefined) return expect.unreachable('not built');
    expect(one.problem).toBeUndefined();
    const outcome = await outcomeOf(programs, one);
    if (!keepFiles) rmSync(one.folder, { recursive: true, force: true });
    const wrong = complaint(scenario, outcome, otp);
    report.add({ name: scenario.name, ...outcome, ...(wrong === undefined ? {} : { wrong }) });
    if (wrong !== undefined) expect.fail(wrong);
  });
});
