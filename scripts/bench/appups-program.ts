// Compares the releases in `<folder>/1.0.0` and `<folder>/1.1.0` as a run of the action does, generates the appups if told to,
// and prints the seconds it took: `node appups-program.mjs FOLDER compare|generate`. Compiling our Erlang code, which a run
// does once whatever it compares, is not counted.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { generateAppups } from '../../src/plan/appups/generator.js';
import type { ReleaseDescription } from '../../src/build/release-checks.js';
import { compileErlang, type Erlang } from '../../src/programs/erlang.js';
import { compareReleases } from '../../src/model/release-difference.js';
import type { BuiltRelease } from '../../src/model/release.js';

const [folder = '', task = ''] = process.argv.slice(2);
const work = mkdtempSync(join(folder, 'work-'));
const erlang = await compileErlang(join(work, 'erlang'));
const started = performance.now();
const [upFrom, release] = (await Promise.all(
  ['1.0.0', '1.1.0'].map((version) => describe(erlang, version)),
)) as [BuiltRelease, BuiltRelease];
const differences = [compareReleases(upFrom, release)];
const changed = differences.flatMap((one) => one.changed).flatMap(({ modules }) => modules.changed).length;
if (task === 'generate') await generate();
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ changed, seconds })}\n`);

async function describe(erlang: Erlang, version: string): Promise<BuiltRelease> {
  const root = join(folder, version);
  const described = await erlang.query<ReleaseDescription>('describe', [root]);
  const source = { kind: 'tarball', path: root } as const;
  return { ...described, root, source };
}

async function generate(): Promise<void> {
  const outFolder = join(work, 'appups');
  mkdirSync(outFolder);
  const nothing = { buildDir: '', configFile: '', corrections: [] };
  const options = { erlang, outFolder, release, differences, ...nothing };
  const { appups } = await generateAppups({ ...options, purge: 'brutal' }, new Set(['big']));
  const instructions = appups.flatMap(({ up }) => up).flatMap((entry) => entry.instructions);
  if (instructions.length !== changed)
    throw new Error(`${instructions.length} instructions for ${changed} modules`);
}
