import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle, removeRuns, runAction, type ActionOptions, type ActionRun } from '../../support/action.js';
import { commandLinesWith } from '../../support/cookie-watch.js';
import { failure } from '../../support/failures.js';
import { BuiltPackages } from '../../support/built-packages.js';
import { installFor, ownersOf, startAs } from '../../support/owned-release.js';
import type { InstalledRelease } from '../../support/running-release.js';
import { TestUser } from '../../support/test-user.js';

let packages: BuiltPackages;
let owner: TestUser;
let runner: TestUser;
let installed: InstalledRelease;

beforeAll(async () => {
  packages = await BuiltPackages.make();
  owner = TestUser.create('node');
  runner = TestUser.create('runner');
  // What the runner has, it has in a home that nobody else can enter, Node and the action included.
  chmodSync(runner.home, 0o700);
  cpSync(bundle, join(runner.home, 'dist'), { recursive: true });
  cpSync(process.execPath, join(runner.home, 'node'));
  cpSync(packages.folder, join(runner.home, 'packages'), { recursive: true });
  mkdirSync(join(runner.home, 'temp'));
  mkdirSync(join(runner.home, 'bin'));
  execFileSync('chown', ['-R', `${runner.uid}:${runner.gid}`, runner.home]);
});
beforeEach(async () => {
  installed = await installFor(owner, packages.oldTarball);
});
afterEach(() => installed.remove());
afterAll(() => {
  runner.remove();
  owner.remove();
  packages.remove();
  removeRuns();
});

const asRunner = () => ({
  workspace: runner.home,
  temp: join(runner.home, 'temp'),
  as: { ...runner, bundle: join(runner.home, 'dist'), node: join(runner.home, 'node') },
});

/** With a folder that only the runner's user may enter. */
const runnersPath = (): string =>
  `${runner.home}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;

function deploy(
  inputs: Readonly<Record<string, string>> = {},
  env = {},
  onOutput: NonNullable<ActionOptions['onOutput']> = () => undefined,
): Promise<ActionRun> {
  return runAction(
    {
      onOutput,
      ...asRunner(),
      inputs: { package: 'packages', 'deploy-root': installed.root, ...inputs },
      env: { HOME: runner.home, PATH: runnersPath(), ...env },
    },
    'deploy',
  );
}

/** Sends a signal when the output has the text, and no second one. */
function once(text: string, signal: NodeJS.Signals): NonNullable<ActionOptions['onOutput']> {
  let sent = false;
  return (output, kill) => {
    if (sent || !output.includes(text)) return;
    sent = true;
    kill(signal);
  };
}

/** What the hand-over left in /tmp. */
function foldersOf({ uid }: TestUser): string[] {
  return readdirSync('/tmp').filter(
    (name) => name.startsWith('relup-action-') && statSync(join('/tmp', name)).uid === uid,
  );
}

/** Emulators and Node programs; helpers of the emulator come and go. */
function processesOf({ uid }: TestUser): number[] {
  const running = execFileSync('ps', ['-o', 'pid=,comm=', '-U', String(uid)], { encoding: 'utf8' });
  const rows = running
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([, name]) => /^(node|MainThread|beam|sudo|tar)/.test(name ?? ''))
    .map(([pid]) => Number(pid));
}

describe('a node of another user', () => {
  it('is refused in one sentence that names both, and left as it is', async () => {
    await startAs(owner, installed);
    const before = installed.files();
    const run = await deploy();
    expect(run.exitCode).toBe(1);
    const users = `belongs to ${owner.name}, this step runs as ${runner.name}.`;
    expect(failure(run).message).toContain(users);
    expect(failure(run).message).toContain(`run-as: ${owner.name}`);
    expect(run.outputs['node-state']).toBe('untouched');
    expect(installed.files()).toEqual(before);
    execFileSync('chmod', ['-R', 'o=rX', installed.root]);
    const readable = await deploy();
    expect(failure(readable).message).toContain(`the node ${users}`);
    expect(failure(readable).message).toContain(`run-as: ${owner.name}`);
  });

  it('is refused when sudo does not allow it, with the line that would', async () => {
    await startAs(owner, installed);
    const run = await deploy({ 'run-as': owner.name });
    expect(failure(run).message).toContain(`sudo does not let ${runner.name} run programs as ${owner.name}`);
    expect(failure(run).message).toContain(`${runner.name} ALL=(${owner.name}) NOPASSWD: ALL`);
    expect(run.outputs['node-state']).toBe('untouched');
  });

  it('is upgraded as that user, whose cookie file and files nobody else reads', async () => {
    await installed.remove();
    installed = await installFor(owner, packages.oldTarball, { cookieIn: 'file' });
    runner.allow(owner);
    const node = await startAs(owner, installed);
    const check = `env | cut -d= -f1 | sed 's/^/check has /'`;
    const tokens = { ACTIONS_RUNTIME_TOKEN: 'token-of-the-runner', GITHUB_TOKEN: 'token-of-the-job' };
    const work = deploy(
      { 'run-as': owner.name, check, soak: '1s' },
      { SECRET_OF_THE_JOB: 'seen-by-nobody', ...tokens },
    );
    const [cookie, secret] = await Promise.all([
      commandLinesWith(installed.cookie, node.pid, work),
      commandLinesWith('seen-by-nobody', node.pid, work),
    ]);
    const run = await work;
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).not.toContain('EACCES');
    expect(run.log).toContain('check has SECRET_OF_THE_JOB');
    expect(run.log).not.toMatch(/check has (ACTIONS_|INPUT_|GITHUB_TOKEN)/);
    expect(cookie.looks).toBeGreaterThan(10);
    expect([...cookie.found, ...secret.found]).toEqual([]);
    expect(run.outputs).toMatchObject({ 'node-state': 'upgraded', 'deployed-version': '0.2.0' });
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect(await installed.ask('os getpid')).toBe(`"${node.pid}"`);
    expect(ownersOf(installed.root)).toEqual([owner.uid]);
    expect(run.log).toContain(`::add-mask::${installed.cookie}`);
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(installed.cookie);
    expect(foldersOf(owner)).toEqual([]);
    expect(readdirSync(run.temp).filter((name) => !name.startsWith('relup-deploy-'))).toEqual([]);
  });

  it('is left in order when the job is cancelled, although the runner may not signal that user', async () => {
    runner.allow(owner);
    const node = await startAs(owner, installed);
    const run = await deploy({ 'run-as': owner.name }, {}, once('Package in place', 'SIGINT'));
    expect(failure(run).message).toMatch(/cancelled|SIGINT/);
    expect(run.outputs['node-state']).toBe('untouched');
    // an emulator that lost its standard input takes a moment to end
    await expect.poll(() => processesOf(owner), { timeout: 20_000 }).toEqual([node.pid]);
    expect(foldersOf(owner)).toEqual([]);
    const again = await deploy({ 'run-as': owner.name });
    expect(again.exitCode, again.log).toBe(0);
    expect(again.outputs['node-state']).toBe('upgraded');
    expect(await installed.ask('os getpid')).toBe(`"${node.pid}"`);
  });

  it('is left in order when the step is killed; the post step cleans up after it', async () => {
    runner.allow(owner);
    const node = await startAs(owner, installed);
    const run = await deploy({ 'run-as': owner.name }, {}, once('Package in place', 'SIGKILL'));
    expect(run.signal).toBe('SIGKILL');
    const state: Record<string, string> = {};
    for (const [name, value] of Object.entries(run.state)) state[`STATE_${name}`] = value;
    const post = await runAction({ ...asRunner(), env: { HOME: runner.home, ...state } }, 'cleanup');
    expect(post.log).toMatch(/Removed \/tmp\/relup-action-\w+, which a cancelled run had left\./);
    expect(foldersOf(owner)).toEqual([]);
    // an emulator that lost its standard input takes a moment to end
    await expect.poll(() => processesOf(owner), { timeout: 20_000 }).toEqual([node.pid]);
    const again = await deploy({ 'run-as': owner.name });
    expect(again.exitCode, again.log).toBe(0);
    expect(again.outputs['node-state']).toBe('upgraded');
  });

  it('tells what the node refuses, as without the other user', async () => {
    runner.allow(owner);
    const run = await deploy({ 'run-as': owner.name });
    expect(failure(run).message).toContain(`No node runs from ${installed.root}`);
    expect(run.outputs['node-state']).toBe('untouched');
  });
});

describe('a node of another user, and a step that runs as root', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync('/etc/relup-test-');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const asRoot = (inputs: Readonly<Record<string, string>>): Promise<ActionRun> =>
    runAction(
      {
        workspace: packages.folder,
        inputs: { package: packages.folder, 'deploy-root': installed.root, ...inputs },
        env: { SECRET_OF_THE_JOB: 'seen-by-nobody' },
      },
      'deploy',
    );

  it('is upgraded as that user, without sudo, and with the environment that only root may read', async () => {
    const node = await startAs(owner, installed);
    writeFileSync(join(folder, 'env'), 'SOME=value\n', { mode: 0o600 });
    const work = asRoot({
      check: 'echo "check runs as $(id -un), in $(id -Gn)"',
      soak: '1s',
      'env-file': join(folder, 'env'),
    });
    const secret = await commandLinesWith('seen-by-nobody', node.pid, work);
    const run = await work;
    expect(run.exitCode, run.log).toBe(0);
    expect(secret.found).toEqual([]);
    expect(run.log).toContain(`As user ${owner.name}:`);
    expect(run.log).toContain(`check runs as ${owner.name}, in ${owner.name}`);
    expect(run.outputs).toMatchObject({ 'node-state': 'upgraded', 'deployed-version': '0.2.0' });
    expect(await installed.ask('os getpid')).toBe(`"${node.pid}"`);
    expect(ownersOf(installed.root)).toEqual([owner.uid]);
    expect(foldersOf(owner)).toEqual([]);
  });

  it('runs nothing that lies there as root, not even in a dry run', async () => {
    await startAs(owner, installed);
    const erts = readdirSync(installed.root).find((name) => name.startsWith('erts-')) ?? '';
    const erlexec = join(installed.root, erts, 'bin/erlexec');
    const seen = join(owner.home, 'seen');
    renameSync(erlexec, `${erlexec}.real`);
    const script = `#!/bin/sh\nid -u >> ${seen}\nexec ${erlexec}.real "$@"\n`;
    writeFileSync(erlexec, script, { mode: 0o755 });
    for (const inputs of [{}, { 'run-as': 'root' }]) {
      rmSync(seen, { force: true });
      const run = await asRoot({ 'dry-run': 'true', ...inputs });
      expect(run.exitCode, run.log).toBe(0);
      expect(new Set(readFileSync(seen, 'utf8').trim().split('\n'))).toEqual(new Set([String(owner.uid)]));
    }
  });

  it('runs and reads nothing there while no node runs, either', async () => {
    const erts = readdirSync(installed.root).find((name) => name.startsWith('erts-')) ?? '';
    const seen = join(owner.home, 'seen-by-none');
    writeFileSync(join(installed.root, erts, 'bin/erlexec'), `#!/bin/sh\nid -u >> ${seen}\n`);
    const run = await asRoot({});
    expect(failure(run).message).toContain(`No node runs from ${installed.root}`);
    expect(existsSync(seen)).toBe(false);
  });

  it('is installed for that user where nothing is yet; the commands run as the step’s own user', async () => {
    const root = join(folder, 'new');
    chmodSync(folder, 0o755);
    const { environment } = installed;
    const lines = Object.entries(environment).map(([name, value]) => `${name}="${value}"\n`);
    writeFileSync(join(folder, 'env'), `${lines.join('')}DB_HOST=db.example\n`, { mode: 0o600 });
    const run = await asRoot({
      'deploy-root': root,
      'run-as': owner.name,
      'env-file': join(folder, 'env'),
      before: 'echo "before runs as $(id -un), from <$RELUP_UP_FROM> to $RELUP_VERSION"',
      after: 'echo "after runs as $(id -un): $RELUP_NODE_STATE"',
      soak: '1s',
    });
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).toContain('before runs as root, from <> to 0.2.0');
    expect(run.log).toContain('after runs as root: installed');
    expect(run.outputs).toMatchObject({ 'node-state': 'installed', 'deployed-version': '0.2.0' });
    expect(await installed.ask('application get_all_env [helloworld]')).toBe('[{host, "db.example"}]');
    const pid = Number((await installed.ask('os getpid')).replaceAll('"', ''));
    expect(statSync(`/proc/${pid}`).uid).toBe(owner.uid);
    expect(ownersOf(root)).toEqual([owner.uid]);
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environ).not.toMatch(/SECRET_OF_THE_JOB|GITHUB_|RUNNER_TRACKING_ID/);
    process.kill(pid, 'SIGKILL');
  });

  it('refuses a user whom the machine does not know', async () => {
    const run = await asRoot({ 'run-as': 'relup-nobody-of-that-name' });
    expect(failure(run).message).toContain('This machine knows no user relup-nobody-of-that-name');
    expect(run.outputs['node-state']).toBe('untouched');
  });
});
