import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRunnerServices, type RunnerServices } from '../../../scripts/runner-services/index.mjs';
import { removeRuns, runAction, type ActionRun } from '../../support/action.js';
import { BuiltPackages } from '../../support/built-packages.js';
import { failure, folder, pathWith, removeKept } from '../../support/failures.js';
import { InstalledRelease } from '../../support/running-release.js';

let services: RunnerServices;
let packages: BuiltPackages;
let installed: InstalledRelease;
/** As on a machine to which nothing but a release was brought. */
let path: string;

const ERLANG = ['erl', 'erlc', 'escript', 'epmd', 'rebar3', 'erl_call', 'run_erl', 'to_erl'];

beforeAll(async () => {
  services = await startRunnerServices({ dir: folder() });
  packages = await BuiltPackages.make(services.env);
  path = pathWith(Object.fromEntries(ERLANG.map((name) => [name, undefined])));
});
afterAll(async () => {
  await services.close();
  packages.remove();
  removeKept();
  removeRuns();
});
beforeEach(async () => {
  installed = await InstalledRelease.install(packages.oldTarball);
});
afterEach(() => installed.remove());

/** A step in another job of the run that built the packages. */
function deploy(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ActionRun> {
  return runAction(
    {
      workspace: folder(),
      inputs: { 'deploy-root': installed.root, ...inputs },
      env: { PATH: path, ...services.newJobEnv(), GITHUB_REPOSITORY: 'octo/project', ...env },
    },
    'deploy',
  );
}

async function expectUpgrade(run: ActionRun): Promise<void> {
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({
    'release-name': 'helloworld',
    version: '0.2.0',
    'deployed-version': '0.2.0',
    'node-state': 'upgraded',
  });
  expect(JSON.parse(run.outputs.metadata ?? '')).toMatchObject({
    deployedVersion: '0.2.0',
    nodeState: 'upgraded',
  });
  expect(Object.keys(run.outputs)).toHaveLength(6);
  expect(run.summary).toMatch(/^# helloworld 0\.2\.0: deploy\n[\s\S]*runs <code>0\.2\.0</);
  expect(JSON.parse(readFileSync(run.outputs.report as string, 'utf8'))).toMatchObject({
    nodeState: 'upgraded',
    brought: { name: 'helloworld', version: '0.2.0' },
  });
  expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
  expect(await installed.ask('helloworld calls')).toBe('2');
  expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(installed.cookie);
  expect(existsSync(join(run.temp, 'relup-action'))).toBe(false);
}

/** The node answered before and answers now, and no file of it changed. */
async function expectRefusal(work: () => Promise<ActionRun>): Promise<string> {
  const before = installed.files();
  const run = await work();
  expect(run.outputs['node-state']).toBe('untouched');
  expect(installed.files()).toEqual(before);
  return failure(run).message;
}

describe('a machine without Erlang', () => {
  it("is upgraded from an artifact of the same run, by the release's own emulator", async () => {
    expect(() => execFileSync('erl', ['-version'], { env: { PATH: path } })).toThrow('ENOENT');
    const node = await installed.start();
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
    const digest = services.artifacts().find(({ name }) => name === 'helloworld-0.2.0-relup')
      ?.digest as string;
    await expectUpgrade(
      await deploy({ 'artifact-name': 'helloworld-0.2.0-relup', 'artifact-digest': digest }),
    );
    expect(await installed.ask('os getpid')).toBe(`"${node.pid}"`);
    expect(services.requests()).not.toContain('ListRunArtifacts');
  });

  it('is upgraded from an artifact of another run', async () => {
    await installed.start();
    await installed.ask('helloworld helloworld');
    const { runId, token, env } = services.restApi;
    const inputs = {
      'artifact-name': 'helloworld-0.2.0-relup',
      'run-id': String(runId),
      'github-token': token,
    };
    const run = await deploy(inputs, { ...env, ACTIONS_RUNTIME_TOKEN: '', ACTIONS_RESULTS_URL: '' });
    await expectUpgrade(run);
    expect(services.requests()).toContain('DownloadArtifactZip');
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(token);
  });

  it('is upgraded from a folder, with the environment of the service', async () => {
    const environment = join(folder(), 'service.env');
    writeFileSync(environment, '# of the unit\nDB_HOST="db.example" \n');
    await installed.start();
    await installed.ask('helloworld helloworld');
    await expectUpgrade(await deploy({ package: packages.folder, 'env-file': environment }));
    const config = readFileSync(join(installed.root, 'releases/0.2.0/sys.config'), 'utf8');
    expect(config).toContain('{host, "db.example"}');
  });

  it('is upgraded from a package with its manifest beside it', async () => {
    const alone = folder();
    for (const end of ['upgrade.tar.gz', 'manifest.json'])
      cpSync(join(packages.folder, `helloworld-0.2.0.${end}`), join(alone, `helloworld-0.2.0.${end}`));
    await installed.start();
    await installed.ask('helloworld helloworld');
    await expectUpgrade(await deploy({ package: join(alone, 'helloworld-0.2.0.upgrade.tar.gz') }));
    const config = readFileSync(join(installed.root, 'releases/0.2.0/sys.config'), 'utf8');
    expect(config).toContain('{host, "nowhere"}');
  });

  it('has to have an emulator, in the release or on the PATH', async () => {
    // as root the step first looks for the node, to become its user
    await installed.start();
    const erts = readdirSync(installed.root).find((name) => name.startsWith('erts-')) as string;
    renameSync(join(installed.root, erts), join(installed.root, 'moved'));
    const message = await expectRefusal(() => deploy({ package: packages.folder }));
    expect(message).toContain('has no ERTS of its own, and erl cannot be started.');
  });
});

describe('an artifact that is not the one', () => {
  it('is not guessed when there are two', async () => {
    const message = await expectRefusal(() => deploy({}));
    expect(message).toMatch(
      /Several artifacts of this workflow run may be meant: .*helloworld-0\.1\.0-relup/,
    );
  });

  it('is told apart from one that is missing', async () => {
    const message = await expectRefusal(() => deploy({ 'artifact-name': 'myapp-0.2.0-relup' }));
    expect(message).toContain('There is no artifact "myapp-0.2.0-relup" in this workflow run.');
    expect(message).toContain('helloworld-0.2.0-relup');
  });

  it('is refused when it has another SHA-256 than the build job said', async () => {
    const digest = 'a'.repeat(64);
    const inputs = { 'artifact-name': 'helloworld-0.2.0-relup', 'artifact-digest': `sha256:${digest}` };
    expect(await expectRefusal(() => deploy(inputs))).toContain(`does not have the SHA-256 ${digest}.`);
  });

  it('is refused when it changed where it is kept', async () => {
    const stored = services.artifacts().find(({ name }) => name === 'helloworld-0.2.0-relup')?.path as string;
    const good = readFileSync(stored);
    const changed = Buffer.from(good);
    changed[1000] = (changed[1000] as number) ^ 4;
    writeFileSync(stored, changed);
    const message = await expectRefusal(() => deploy({ 'artifact-name': 'helloworld-0.2.0-relup' }));
    writeFileSync(stored, good);
    expect(message).toContain('does not have the SHA-256');
  });

  it('of a first release is for a node that runs it already, and for no other', async () => {
    const first = { 'artifact-name': 'helloworld-0.1.0-relup' };
    expect(await expectRefusal(() => deploy(first))).toContain('so there is nothing to upgrade.');
    await installed.start();
    const run = await deploy(first);
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).toContain('Nothing to do: helloworld 0.1.0 runs already.');
    expect(run.outputs).toMatchObject({ 'deployed-version': '0.1.0', 'node-state': 'upgraded' });
  });
});

describe('before anything else', () => {
  it.each([
    ['pull_request', { pull_request: { head: { repo: { full_name: 'mallory/project' } } } }],
    ['pull_request_target', {}],
    ['workflow_run', { workflow_run: { event: 'pull_request_target' } }],
  ])('a run for %s of a stranger is refused', async (name, payload) => {
    const event = join(folder(), 'event.json');
    writeFileSync(event, JSON.stringify({ repository: { full_name: 'octo/project' }, ...payload }));
    const requests = services.requests().length;
    const message = await expectRefusal(() =>
      deploy({}, { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: event }),
    );
    expect(message).toContain('This run may not deploy: ');
    expect(services.requests()).toHaveLength(requests);
  });

  it('a bad line in the env-file is named', async () => {
    const environment = join(folder(), 'service.env');
    writeFileSync(environment, 'DB_HOST=db\nexport PORT=1\n');
    await installed.start();
    const message = await expectRefusal(() => deploy({ package: packages.folder, 'env-file': environment }));
    expect(message).toContain(`The env-file ${environment} cannot be used: line 2 sets "export PORT"`);
  });
});
