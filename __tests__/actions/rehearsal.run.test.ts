import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import type { Manifest } from '../../src/model/manifest.js';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { processesWith } from '../support/processes.js';
import { plainProject, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';
import { helloworldRepository, temporaryFolder, type TestRepository } from '../support/repository.js';
import { unzip } from '../support/zip.js';

afterAll(() => {
  removeKept();
  removeRuns();
});

function manifestOf(run: ActionRun): Manifest {
  return JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
}

test('a rehearsed upgrade is hot; the check sees every stage; the manifest holds the proof, without times', async () => {
  const repository = keep(helloworldRepository());
  const check = `echo "at $RELUP_STAGE $RELUP_RUNNING: $("$RELUP_ROOT/bin/$RELUP_NAME" rpc helloworld calls)"
"$RELUP_ROOT/bin/$RELUP_NAME" rpc helloworld helloworld`;
  const inputs = { rehearse: 'required', upload: 'false', check };
  const run = await runAction({ workspace: repository.dir, inputs });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({ 'upgrade-kind': 'hot', verdict: 'hot' });
  // The count goes on through up, down and up again: it is one process.
  expect([...run.log.matchAll(/^at (.*)$/gm)].map(([, stage]) => stage)).toEqual([
    'before-upgrade 0.1.0: 0',
    'after-upgrade 0.2.0: 1',
    'after-downgrade 0.1.0: 2',
    'after-second-upgrade 0.2.0: 3',
    'after-permanent 0.2.0: 4',
    'after-restart 0.2.0: 0',
  ]);
  expect(manifestOf(run).proof).toMatchObject({
    outcome: 'passed',
    upFrom: [
      {
        version: '0.1.0',
        outcome: 'passed',
        steps: {
          upgrade: { code: 'ok', command: 'ok', done: 'ok', supervision: 'ok' },
          restart: { code: 'ok', command: 'ok', done: 'ok' },
          'full package': { code: 'ok', done: 'ok' },
        },
      },
    ],
  });
  expect(JSON.stringify(manifestOf(run).proof)).not.toContain('seconds');
  expect(run.summary).toContain('## Rehearsal, 0.1.0 → 0.2.0: passed');
  expect(readdirSync(run.temp)).toHaveLength(1);
});

/** Version 1.1.0 has another child, which the hand-written appup does not start. */
function forgottenChild(): TestRepository {
  const server = serverApplication('app', '1.1.0', 'new');
  const extra = serverApplication('app_extra', '1.1.0', 'extra')['src/app_extra.erl'] ?? '';
  const supervisor = (server['src/app_app.erl'] ?? '').replace(
    'start => {app, start_link, []}}',
    '$&, #{id => app_extra, start => {app_extra, start_link, []}}',
  );
  return plainProject({
    'src/app_app.erl': supervisor,
    'src/app_extra.erl': extra,
    'src/app.appup.src': `{"1.1.0",
 [{"1.0.0", [{add_module, app_extra}, {load_module, app}, {update, app_app, supervisor}]}],
 [{"1.0.0", [{update, app_app, supervisor}, {load_module, app}, {delete_module, app_extra}]}]}.\n`,
  });
}

test('a failed rehearsal ships nothing: the artifact explains it, the appup gets the annotation', async () => {
  const repository = keep(forgottenChild());
  const dir = temporaryFolder();
  const services = await startRunnerServices({ dir });
  try {
    const env = {
      ...services.env,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_RUN_ID: '7',
    };
    const run = await runAction({ workspace: repository.dir, env, inputs: { rehearse: 'true' } });
    expect(run.exitCode).toBe(1);
    expect(run.log).toContain(
      '::error title=relup%3A rehearsal-supervision,file=src/app.appup.src::The child app: app_app → app_extra does not run after the upgrade to 1.1.0, but does when the release boots.',
    );
    expect(run.log).toContain(
      'Add at the end of the first list of the appup of app: {apply,{supervisor,restart_child,[app_app,app_extra]}}.',
    );
    expect(run.log.match(/app_extra after the upgrade/g)).toBeNull();
    // Each cause is told once.
    expect(run.log.match(/^::error .*$/gm)?.map((line) => line.split('::')[1])).toEqual([
      'error title=relup%3A rehearsal-supervision,file=src/app.appup.src',
      'error title=relup%3A rehearsal-supervision,file=src/app.appup.src',
    ]);
    expect(run.log.match(/does not run after the upgrade/g)).toHaveLength(1);
    expect(run.outputs).toMatchObject({ verdict: 'refused', 'upgrade-kind': 'hot-unproven' });
    for (const output of ['tarball', 'upgrade-tarball', 'manifest', 'artifact-id']) {
      expect(run.outputs).not.toHaveProperty(output);
    }
    expect(run.summary).toContain('## Rehearsal, 1.0.0 → 1.1.0: failed');
    expect(run.summary).toContain('app_extra (not running)');
    const [artifact, ...others] = services.artifacts();
    expect(others).toEqual([]);
    expect(artifact?.name).toBe('app-1.1.0-relup-failed');
    unzip(artifact?.path as string, join(dir, 'unzipped'));
    const files = readdirSync(join(dir, 'unzipped'), { recursive: true }).map(String);
    expect(files).toEqual(
      expect.arrayContaining([
        'report.html',
        'report.json',
        'relup',
        'appups/app.appup',
        'logs/1.0.0-main-1.log',
      ]),
    );
    expect(files.filter((file) => file.endsWith('.tar.gz'))).toEqual([]);
    // The same beside the workspace, and no package either.
    expect(
      readdirSync(run.temp)
        .flatMap((one) => readdirSync(join(run.temp, one)))
        .sort(),
    ).toEqual(['appups', 'logs', 'relup', 'report.html', 'report.json']);
    expect(dirname(run.outputs.report as string)).toContain(run.temp);
  } finally {
    await services.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('after a refusal, too, a generated appup lies ready to be adopted and changed', async () => {
  const repository = keep(plainProject());
  repository.git('rm', '-q', 'src/app.appup.src');
  repository.commit('no appup');
  repository.git('tag', '--force', '1.1.0');
  const inputs = { rehearse: 'true', upload: 'false', check: '[ "$RELUP_STAGE" != after-upgrade ]' };
  const run = await runAction({ workspace: repository.dir, inputs });
  expect(run.exitCode).toBe(1);
  const appups = join(dirname(run.outputs.report as string), 'appups');
  expect(readdirSync(appups).sort()).toEqual(['app.appup', 'app.appup.src']);
});

/** Version 1.1.0 has another child, which no appup generator can see: another module makes the list. */
function computedChildren(): TestRepository {
  const files = (version: string, children: readonly string[]): Record<string, string> => {
    const server = serverApplication('app', version, version === '1.0.0' ? 'old' : 'new');
    const supervisor = (server['src/app_app.erl'] ?? '').replace(
      /init\(\[\]\) -> .*/,
      'init([]) -> {ok, {#{}, app_children:list()}}.',
    );
    const specs = children.map((child) => `#{id => ${child}, start => {${child}, start_link, []}}`);
    return {
      'rebar.config': rebarConfig(version),
      ...server,
      'src/app_app.erl': supervisor,
      'src/app_children.erl': `-module(app_children).\n-export([list/0]).\nlist() -> [${specs.join(', ')}].\n`,
      ...(children.length === 1
        ? {}
        : {
            'src/app_extra.erl': serverApplication('app_extra', version, 'extra')['src/app_extra.erl'] ?? '',
          }),
    };
  };
  return projectRepository({
    '1.0.0': files('1.0.0', ['app']),
    '1.1.0': files('1.1.0', ['app', 'app_extra']),
  });
}

test('a generated appup gets the instructions that the rehearsal finds to be missing, and is rehearsed again', async () => {
  const repository = keep(computedChildren());
  const inputs = { rehearse: 'true', upload: 'false' };
  const run = await runAction({ workspace: repository.dir, inputs });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs.verdict).toBe('hot');
  const { proof, relup, packages } = manifestOf(run);
  expect(
    proof?.corrections.map(({ direction, position, instruction }) => [direction, position, instruction]),
  ).toEqual(
    expect.arrayContaining([
      ['up', 'last', '{apply,{supervisor,restart_child,[app_app,app_extra]}}'],
      ['down', 'first', '{apply,{supervisor,terminate_child,[app_app,app_extra]}}'],
      ['down', 'first', '{apply,{supervisor,delete_child,[app_app,app_extra]}}'],
    ]),
  );
  expect(relup?.up[0]?.instructions.at(-1)).toBe('{apply,{supervisor,restart_child,[app_app,app_extra]}}');
  const { file } = packages.upgrade ?? { file: '' };
  const packed = execFileSync('tar', [
    '-xzOf',
    join(dirname(run.outputs.manifest as string), file),
    'releases/1.1.0/relup',
  ]);
  expect(packed.toString().replaceAll(/\s/g, '')).toContain('restart_child,[app_app,app_extra]');
});

/** Both versions boot only where the variable SECRET_HOST is set. */
function needy(): TestRepository {
  const files = (version: string, answer: string): Record<string, string> => {
    const server = serverApplication('app', version, answer);
    const start = (server['src/app_app.erl'] ?? '').replace(
      'start(_, _) ->',
      'start(_, _) -> is_list(os:getenv("SECRET_HOST")) orelse exit(no_secret_host),',
    );
    return { 'rebar.config': rebarConfig(version), ...server, 'src/app_app.erl': start };
  };
  return projectRepository({ '1.0.0': files('1.0.0', 'old'), '1.1.0': files('1.1.0', 'new') });
}

test('what the up-from release needs to boot comes from the environment; without it the upgrade is unproven', async () => {
  const repository = keep(needy());
  const run = (inputs: Record<string, string>, env: Record<string, string> = {}) =>
    runAction({ workspace: repository.dir, inputs: { upload: 'false', ...inputs }, env });
  const without = await run({ rehearse: 'true' });
  expect(without.exitCode, without.log).toBe(0);
  expect(without.outputs).toMatchObject({ verdict: 'unproven', 'upgrade-kind': 'hot-unproven' });
  expect(without.outputs).toHaveProperty('upgrade-tarball');
  expect(without.log).toContain('::warning title=relup%3A rehearsal-impossible');
  expect(without.summary).toContain('no_secret_host');
  expect(manifestOf(without).proof).toMatchObject({ outcome: 'unproven' });

  const required = await run({ rehearse: 'required' });
  expect(required.exitCode).toBe(1);
  expect(required.log).toMatch(/^::error title=relup%3A rehearsal-impossible/m);
  expect(required.log).not.toMatch(/^::warning title=relup%3A rehearsal-impossible/m);
  expect(required.log).toContain('The rehearsal is required, and could not be done: one finding stops it');
  expect(required.outputs).not.toHaveProperty('tarball');

  const given = await run({ rehearse: 'required' }, { SECRET_HOST: 'here' });
  expect(given.exitCode, given.log).toBe(0);
  expect(given.outputs.verdict).toBe('hot');
});

test.each(['SIGINT', 'SIGKILL'] as const)('after %s no node is left, and no folder', async (signal) => {
  const repository = keep(helloworldRepository());
  const mark = `${signal}-${process.pid}`;
  const env = { RELUP_TEST_MARK: mark };
  let sent = false;
  const run = await runAction({
    workspace: repository.dir,
    env,
    inputs: { rehearse: 'true', upload: 'false', check: 'echo the check waits; sleep 300' },
    onOutput: (output, kill) => {
      if (sent || !output.includes('\nthe check waits')) return;
      sent = true;
      kill(signal);
    },
  });
  if (signal === 'SIGKILL') {
    expect(processesWith('RELUP_TEST_MARK', mark)).not.toEqual([]);
    const state = Object.fromEntries(
      Object.entries(run.state).map(([name, value]) => [`STATE_${name}`, value]),
    );
    const post = await runAction(
      { workspace: repository.dir, temp: run.temp, env: { ...env, ...state } },
      'cleanup',
    );
    expect(post.exitCode).toBe(0);
  }
  await vi.waitFor(() => expect(processesWith('RELUP_TEST_MARK', mark)).toEqual([]), 10_000);
  expect(readdirSync(run.temp).filter((name) => name === 'relup-action')).toEqual([]);
});

test('two rehearsals at once on one machine do not disturb each other', async () => {
  const repository = keep(helloworldRepository());
  const inputs = { rehearse: 'required', upload: 'false' };
  const runs = await Promise.all(
    [1, 2].map(() => runAction({ workspace: repository.dir, inputs, temp: temporaryFolder() })),
  );
  expect(runs.map(({ exitCode, outputs }) => [exitCode, outputs.verdict])).toEqual([
    [0, 'hot'],
    [0, 'hot'],
  ]);
  const epmd = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  for (const { temp } of runs) {
    expect(epmd).not.toContain(temp);
    rmSync(temp, { recursive: true });
  }
});
