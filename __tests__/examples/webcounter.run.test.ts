import { afterAll, beforeAll, expect, it } from 'vitest';
import { join } from 'node:path';
import { startLoad } from '../../scripts/bench/load-thread.mjs';
import type { Visit } from '../../scripts/bench/load.mjs';
import { failures, miscounts } from '../../scripts/bench/visits.mjs';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { projectRoot, TestRepository } from '../support/repository.js';
import { InstalledRelease } from '../support/running-release.js';

let repository: TestRepository;
let installed: InstalledRelease;
let port: number;
/** Full packages, by version. */
const packages: Record<string, string> = {};

/** examples/webcounter with a tag for each version. */
function webcounterRepository(): TestRepository {
  const made = TestRepository.create();
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) {
    made.git('rm', '-r', '--quiet', '--ignore-unmatch', '.');
    made.write({ '.gitignore': '_build/\n' }).copy(join(projectRoot, 'examples/webcounter', version));
    made.commit(version);
    made.tag(version);
  }
  return made;
}

/** `from`: a package or a git tag; without it there is nothing to upgrade from. */
async function act(version: string, from = 'none', inputs: Record<string, string> = {}): Promise<ActionRun> {
  repository.git('checkout', '--quiet', version);
  const run = await runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', cache: 'false', 'upgrade-from': from, ...inputs },
    env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: version },
  });
  if (run.outputs['tarball'] !== undefined) packages[version] = run.outputs['tarball'];
  return run;
}

/** Visits while something is done to the node; each must be answered, and counted once. */
async function underLoad<T>(work: () => Promise<T>): Promise<{ result: T; visits: readonly Visit[] }> {
  const counted = Number(await installed.ask('webcounter_counter total'));
  const load = startLoad({ port, kept: 400, fresh: 100 });
  const [done] = await Promise.allSettled([work()]);
  const visits = await load.stop();
  if (done.status === 'rejected') throw done.reason;
  expect(failures(visits)).toEqual({});
  expect(miscounts(visits, counted)).toEqual([]);
  for (const fresh of [true, false]) expect(visits.some((visit) => visit.fresh === fresh)).toBe(true);
  expect(await ask('/total')).toEqual({ total: counted + visits.length });
  return { result: done.value, visits };
}

async function upgradeUnderLoad(version: string, from: string) {
  const deploy = { rehearse: 'required', deploy: 'true', 'deploy-root': installed.root };
  const { result: run, visits } = await underLoad(() => act(version, from, deploy));
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).not.toContain('Warning:');
  expect(run.outputs).toMatchObject({ 'upgrade-kind': 'hot', 'node-state': 'upgraded' });
  return { run, visits };
}

function get(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } });
}

async function ask(path: string): Promise<unknown> {
  return (await get(path)).json();
}

beforeAll(async () => {
  repository = webcounterRepository();
  const run = await act('1.0.0');
  expect(run.exitCode, run.log).toBe(0);
  installed = await InstalledRelease.install(packages['1.0.0'] as string, { release: 'webcounter' });
  await installed.start();
  port = Number(await installed.ask('webcounter_listener port'));
});

afterAll(async () => {
  await installed?.remove();
  repository?.remove();
  removeRuns();
});

it('1.1.0: the state is converted under load, no request fails and no visit is lost', async () => {
  const { run, visits } = await upgradeUnderLoad('1.1.0', packages['1.0.0'] as string);

  expect(run.log).toContain('hand-written appup src/webcounter.appup.src');
  expect(visits[0]?.page).toBeUndefined();
  expect(visits.at(-1)?.page).toBeGreaterThan(0);
});

it('1.1.0 is left for 1.0.0 and installed again under load, and no request fails either', async () => {
  const { visits } = await underLoad(async () => {
    for (let round = 0; round < 20; round += 1) {
      for (const version of ['1.0.0', '1.1.0']) {
        expect(await installed.ask(`release_handler install_release ["${version}"]`)).toMatch(/^\{ok,/);
      }
    }
  });
  expect(visits.some(({ page }) => page === undefined)).toBe(true);
});
it('1.2.0, which has no appup: the new child runs, no request fails and no visit is lost', async () => {
  // Not from the package: its beams are stripped, and tell nothing of a supervisor's children.
  const { run } = await upgradeUnderLoad('1.2.0', '1.1.0');

  expect(run.log).toContain('generated appup');
  expect(await installed.ask('supervisor which_children [webcounter_sup]')).toMatch(
    /\{rate, <[^>]+>, worker/,
  );
  expect(await ask('/rate')).toHaveProperty('perSecond');
  expect((await get('/total')).headers.get('server')).toBe('webcounter');
});

it('1.3.0, in which native code changed, is refused as a hot upgrade', async () => {
  const run = await act('1.3.0', packages['1.2.0']);

  expect(run.exitCode).toBe(1);
  expect(run.outputs['verdict']).toBe('refused');
  expect(run.log).toContain('Native code of webcounter differs between 1.2.0 and 1.3.0');
  expect(run.log).toContain('native-code-changed');
});
