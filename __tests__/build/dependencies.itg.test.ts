import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alone, Dependencies, VersionProject } from '../../src/build/version-project.js';
import { takeDependencies } from '../../src/build/dependencies.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { rebar3 } from '../../src/programs/rebar3.js';
import { libraryApplication, rebarConfig, serverApplication } from '../support/projects.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: Erlang;
let repository: TestRepository;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
  const dep = TestRepository.create(join(dir, 'dep')).write(libraryApplication('dep', '1.0.0', 'one'));
  const ref = dep.commit('1');
  repository = TestRepository.create(join(dir, 'project')).write({
    'rebar.config': rebarConfig('1.0.0', {
      applications: 'app, dep, sasl',
      rest: `{deps, [{dep, {git, "file://${dep.dir}", {branch, "main"}}}]}.`,
    }),
    'rebar.lock': `[{<<"dep">>,{git,"file://${dep.dir}",{ref,"${ref}"}},0}].\n`,
    ...serverApplication('app', '1.0.0', 'old'),
  });
  repository.commit('1.0.0');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let count = 0;
async function checkOut(): Promise<VersionProject & { dependencies: Dependencies }> {
  const clone = join(dir, `clone-${count++}`);
  execFileSync('git', ['clone', '--quiet', repository.dir, clone]);
  const { alone, dependencies } = await erlang.query<{ alone: Alone; dependencies: Dependencies }>(
    'project',
    [clone, 'prod'],
  );
  return { dir: clone, fixed: true, alone, dependencies };
}

const beam = ({ dir }: VersionProject, name = 'dep') =>
  join(dir, `_build/prod/lib/${name}/ebin/${name}.beam`);
const build = ({ dir: cwd }: VersionProject, task: 'release' | 'tar') =>
  rebar3(task, { cwd, profile: 'prod' });

test('dependencies are taken while the other version still builds; rebar3 compiles nothing of them again', async () => {
  const [one, two] = [await checkOut(), await checkOut()];
  const built = build(one, 'tar');
  let ended = false;
  const took = takeDependencies({
    project: two,
    from: { project: Promise.resolve(one), built: built.then(() => (ended = true)) },
    ref: 'x',
    profile: 'prod',
  });
  expect(await took).toBe(true);
  expect(ended).toBe(false);
  await built;
  const log = await build(two, 'release');
  expect(log).toContain('Compiling app');
  expect(log).not.toMatch(/(Compiling|Fetching) dep/);
  // a copy of its own, in its own folder
  expect(realpathSync(beam(two))).toBe(join(two.dir, '_build/default/lib/dep/ebin/dep.beam'));
  expect(readFileSync(beam(two))).toEqual(readFileSync(beam(one)));
  expect(statSync(beam(two)).ino).not.toBe(statSync(beam(one)).ino);
  expect(lstatSync(beam(two)).nlink).toBe(1);
  expect(existsSync(join(two.dir, '_build/prod/rel/app/lib/dep-1.0.0/ebin/dep.beam'))).toBe(true);
});

test('the dependencies of a build that has ended are taken, too', async () => {
  const [one, two] = [await checkOut(), await checkOut()];
  const built = build(one, 'release');
  await built;
  expect(
    await takeDependencies({
      project: two,
      from: { project: Promise.resolve(one), built },
      ref: 'x',
      profile: 'prod',
    }),
  ).toBe(true);
});

test('other dependencies are not taken, nor those of which nothing is known', async () => {
  const [one, two] = [await checkOut(), await checkOut()];
  const from = { project: Promise.resolve(one), built: build(one, 'release') };
  await from.built;
  const other = { ...two, dependencies: { ...two.dependencies, digest: 'other' } };
  expect(await takeDependencies({ project: other, from, ref: 'x', profile: 'prod' })).toBe(false);
  expect(
    await takeDependencies({
      project: { dir: two.dir, fixed: true, alone: two.alone },
      from,
      ref: 'x',
      profile: 'prod',
    }),
  ).toBe(false);
  const unknown = { ...from, project: Promise.resolve({ dir: one.dir, fixed: true, alone: one.alone }) };
  expect(await takeDependencies({ project: two, from: unknown, ref: 'x', profile: 'prod' })).toBe(false);
  expect(existsSync(join(two.dir, '_build'))).toBe(false);
});

test('what rebar3 did not leave where it should be is compiled anew', async () => {
  const [one, two] = [await checkOut(), await checkOut()];
  const from = { project: Promise.resolve(one), built: build(one, 'release') };
  await from.built;
  rmSync(join(one.dir, '_build/default/lib/dep/ebin/dep.app'));
  expect(await takeDependencies({ project: two, from, ref: 'x', profile: 'prod' })).toBe(false);
  expect(await build(two, 'release')).toContain('Compiling dep');
});

test('when the other version cannot be built, its failure is told and nothing is built', async () => {
  const [one, two] = [await checkOut(), await checkOut()];
  const built = Promise.reject(new Error('does not compile'));
  await expect(
    takeDependencies({
      project: two,
      from: { project: Promise.resolve(one), built },
      ref: 'x',
      profile: 'prod',
    }),
  ).rejects.toThrow('does not compile');
});
