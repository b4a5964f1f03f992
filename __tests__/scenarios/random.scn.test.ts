import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildScenarios, compilePrograms, type BuiltScenario } from './build.js';
import { describeOutcome } from './expectation.js';
import { outcomeOf, type Outcome, type Programs } from './outcome.js';
import { randomEdits } from './random/edits.js';
import { randomModel } from './random/model.js';
import { renderScenario } from './random/render.js';
import { Seeded } from './random/seeded.js';
import { shrink, type Case } from './random/shrink.js';
import { Report } from './report.js';
import { sharedErlang } from '../support/shared-erlang.js';

vi.mock('@actions/core');

const KEPT = fileURLToPath(new URL('kept/', import.meta.url));
/** A smaller case costs some seconds. */
const SHRINK_TRIES = 60;

const count = Number(process.env['SCENARIO_RANDOM'] ?? '0');
const firstSeed = Number(process.env['SCENARIO_SEED'] ?? String(Math.floor(Date.now() / 1000)));
const cases = Array.from({ length: count }, (_, index) => randomCase(firstSeed + index));

const folder = mkdtempSync(join(tmpdir(), 'relup-random-'));
const built = new Map<string, BuiltScenario>();
const keepFiles = process.env['SCENARIO_KEEP'] !== undefined;
const report = new Report();
let programs: Programs;

beforeAll(async () => {
  if (count > 0) console.log(`${count} random pairs from seed ${firstSeed}`);
  mkdirSync(join(folder, 'action'));
  programs = { erlang: await sharedErlang(join(folder, 'action')), ebin: await compilePrograms(folder) };
  const scenarios = cases.map(({ name, model, edits }) => renderScenario(name, model, edits));
  for (const one of await buildScenarios(folder, programs.ebin, scenarios)) built.set(one.scenario.name, one);
});

afterAll(() => {
  report.print();
  if (!keepFiles) rmSync(folder, { recursive: true, force: true });
});

describe.runIf(count > 0).concurrent('random pairs are equal or refused', () => {
  it.each(cases)('$name', async ({ name, seed, model, edits }) => {
    const one = built.get(name);
    if (one === undefined) return expect.unreachable('not built');
    expect(one.problem).toBeUndefined();
    const outcome = await outcomeOf(programs, one);
    if (!keepFiles) rmSync(one.folder, { recursive: true, force: true });
    const wrong = isWrong(outcome) ? `${name}: ${describeOutcome(outcome)}` : undefined;
    report.add({ name, ...outcome, ...(wrong === undefined ? {} : { wrong }) });
    if (wrong === undefined) return;
    const file = await keep(seed, { model, edits }, outcome);
    expect.fail(`${wrong}\nThe smallest case that fails is kept as ${file}.`);
  });
});

function randomCase(seed: number): Case & { name: string; seed: number } {
  const random = new Seeded(seed);
  const model = randomModel(random);
  return { name: `random pair ${seed}`, seed, model, edits: randomEdits(model, random) };
}

function isWrong({ verdict }: Outcome): boolean {
  return verdict === 'different' || verdict === 'crash';
}

/** Shrinks a failing case, and writes it as a scenario for the corpus. */
async function keep(seed: number, failing: Case, { verdict }: Outcome): Promise<string> {
  let tries = 0;
  const smallest = await shrink(failing, async ({ model, edits }) => {
    tries += 1;
    if (tries > SHRINK_TRIES) return false;
    const part = join(folder, `shrink-${seed}-${tries}`);
    mkdirSync(part);
    const scenario = renderScenario(`random pair ${seed}, made smaller`, model, edits);
    const [one] = await buildScenarios(part, programs.ebin, [scenario]);
    if (one === undefined || one.problem !== undefined) return false;
    return (await outcomeOf(programs, one)).verdict === verdict;
  });
  mkdirSync(KEPT, { recursive: true });
  const file = join(KEPT, `random-${seed}.json`);
  const scenario = renderScenario(`random pair ${seed}, made smaller`, smallest.model, smallest.edits);
  writeFileSync(file, `${JSON.stringify(scenario, null, 2)}\n`);
  return file;
}
