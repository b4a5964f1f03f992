// Nodes that are set up in another way than those of the other tests; each is upgraded by the step `deploy/`, without Erlang on the
// PATH unless the release has no emulator of its own.
import { spawn, execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { findNode, type NodeProcess } from '../../src/node/node-process.js';
import { removeRuns, type ActionRun } from '../support/action.js';
import { failure, pathWith, removeKept } from '../support/failures.js';
import { freePort } from '../support/free-port.js';
import { temporaryFolder } from '../support/repository.js';
import { InstalledRelease, type InstallOptions } from '../support/running-release.js';
import { deployStep } from './support/deploy-step.js';
import { RUNS } from './support/options.js';
import { NEW, OLD, Packages } from './support/packages.js';
import { Tally } from './support/tally.js';
import { buildVariant, withEpmdModule, withTls, withTroubledConversion } from './support/variant.js';

const tally = new Tally('Nodes that are set up in another way');
const ERLANG = ['erl', 'erlc', 'escript', 'epmd', 'rebar3', 'erl_call', 'run_erl', 'to_erl'];
/** Seconds that a conversion takes. */
const CONVERSION = RUNS >= 100 ? '60' : '8';

let noErlang: string;
let installed: InstalledRelease;

beforeAll(() => {
  noErlang = pathWith(Object.fromEntries(ERLANG.map((name) => [name, undefined])));
});
afterEach(() => installed.remove());
afterAll(() => {
  tally.print();
  removeKept();
  removeRuns();
});

/** Runs the step `deploy/`. */
function deploy(packages: Packages, inputs = {}, path = noErlang): Promise<ActionRun> {
  return deployStep(packages, { 'deploy-root': installed.root, ...inputs }, { PATH: path });
}

/** Upgrades a node, as soon as it is up; all is well with it. */
async function upgrade(packages: Packages, fault: string, inputs = {}, path = noErlang): Promise<ActionRun> {
  await vi.waitFor(
    async () => {
      const dry = await deploy(packages, { ...inputs, 'dry-run': 'true' }, path);
      expect(dry.exitCode, dry.log).toBe(0);
    },
    { timeout: 120_000, interval: 1000 },
  );
  const { pid } = await findNode(installed.root);
  const run = await deploy(packages, inputs, path);
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({ 'node-state': 'upgraded', 'deployed-version': NEW });
  expect((await findNode(installed.root)).pid).toBe(pid);
  tally.add(fault, 'upgraded');
  return run;
}

async function install(packages: Packages, options: InstallOptions = {}): Promise<void> {
  installed = await InstalledRelease.install(packages.full(OLD), { release: 'webcounter', ...options });
}

async function eventually<T>(work: () => Promise<T>): Promise<T> {
  return vi.waitFor(work, { timeout: 60_000, interval: 200 });
}

describe('a release with TLS, an epmd module and a troubled conversion in it', () => {
  let packages: Packages;

  beforeAll(async () => {
    const port = await freePort();
    packages = await buildVariant((sources) => {
      withTls(sources);
      withEpmdModule(sources, port);
      withTroubledConversion(sources);
    });
  });
  afterAll(() => rmSync(packages.folder, { recursive: true, force: true }));

  it('is upgraded over TLS, with relative option files', async () => {
    await install(packages, { flags: '-proto_dist inet_tls\n-ssl_dist_optfile etc/dist.conf\n' });
    installed.startInForeground();
    await upgrade(packages, 'distribution over TLS, relative option file');
  });

  it('is upgraded through its own epmd module', async () => {
    await install(packages, { flags: '-epmd_module fixed_port\n-start_epmd false\n' });
    installed.startInForeground();
    await upgrade(packages, '-epmd_module');
  });

  it(`is upgraded although a conversion takes ${CONVERSION} seconds, more than release_handler gives by itself`, async () => {
    await install(packages, { environment: { CONVERSION_SECONDS: CONVERSION } });
    installed.startInForeground();
    const run = await upgrade(packages, `code_change takes ${CONVERSION} s`);
    expect(run.log).not.toContain('::warning');
  }, 300_000);

  it('is told to have been rebooted when a conversion fails, and is upgraded when it does no more', async () => {
    const folder = temporaryFolder();
    const flag = join(folder, 'fails');
    writeFileSync(flag, '');
    await install(packages, { environment: { CONVERSION_FAILS: flag } });
    // as a service manager does
    installed.startInForeground().once('exit', () => {
      if (existsSync(installed.root)) installed.startInForeground();
    });
    await eventually(async () =>
      expect((await deploy(packages, { 'dry-run': 'true' })).outputs['node-state']).toBe('untouched'),
    );
    const before = installed.files();
    const run = await deploy(packages);
    expect(run.exitCode).toBe(1);
    expect(failure(run).message).toMatch(
      /The conversion of the process <0\.\d+\.0> by webcounter_counter:code_change failed\. The node rebooted into 1\.0\.0\./,
    );
    expect(run.outputs['node-state'], run.log).toBe('rebooted-into-old');
    expect(installed.files()).toEqual(before);
    rmSync(folder, { recursive: true });
    await upgrade(packages, 'code_change fails, then does no more');
  }, 300_000);
});

describe('a release without an emulator of its own', () => {
  let packages: Packages;

  beforeAll(async () => {
    // `{mode, prod}` would include it again
    packages = await buildVariant((sources) =>
      sources.edit('rebar.config', (text) =>
        text
          .replace('{mode, dev}', '{dev_mode, false}, {include_erts, false}')
          .replace('[{mode, prod}]', '[]'),
      ),
    );
  });
  afterAll(() => rmSync(packages.folder, { recursive: true, force: true }));

  it('is upgraded by the Erlang/OTP on the PATH, and refused without', async () => {
    await install(packages);
    expect(readdirSync(installed.root).filter((name) => name.startsWith('erts-'))).toEqual([]);
    installed.startInForeground();
    await upgrade(packages, 'include_erts: false', {}, process.env['PATH']);
    const without = await deploy(packages);
    expect(without.exitCode).toBe(1);
    expect(without.log).toContain('has no ERTS of its own, and erl cannot be started');
    expect(without.outputs['node-state']).toBe('untouched');
  });
});

/** Ends a node that the script started, and starts its emulator as that did, but elsewhere: a unit without a script. */
async function startElsewhere(node: NodeProcess, folder: string): Promise<void> {
  const argv = readFileSync(`/proc/${node.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  const program = readlinkSync(`/proc/${node.pid}/exe`);
  process.kill(node.pid, 'SIGKILL');
  await eventually(() =>
    findNode(installed.root).then(
      () => Promise.reject(new Error('is there')),
      () => Promise.resolve(),
    ),
  );
  const env = { ...node.environment };
  const child = spawn(program, argv.slice(1), {
    argv0: argv[0] ?? program,
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  installed.started(child.pid as number);
}

describe('a release of the usual kind', () => {
  const packages = Packages.shared();

  it('whose unit starts the emulator in / is upgraded', async () => {
    await install(packages);
    installed.startInForeground();
    await startElsewhere(await eventually(() => findNode(installed.root)), '/');
    expect((await eventually(() => findNode(installed.root))).workingFolder).toBe('/');
    await upgrade(packages, 'cd /');
  });

  it('with a cookie outside of ASCII is upgraded', async () => {
    await install(packages, { cookie: 'kéks', environment: { LC_ALL: 'C.UTF-8' } });
    installed.startInForeground();
    const run = await upgrade(packages, 'a cookie outside of ASCII');
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain('kéks');
  });

  it('that is found through the link `current` is upgraded', async () => {
    await install(packages);
    const current = join(installed.folder, 'current');
    symlinkSync(installed.root, current);
    installed.startInForeground();
    await upgrade(packages, 'deploy-root is a link', { 'deploy-root': current });
  });

  it('beside another one with the same cookie, that it is connected to, is upgraded alone', async () => {
    const cookie = 'one_cookie_for_both';
    await install(packages, { cookie });
    const other = await InstalledRelease.install(packages.full(OLD), { release: 'webcounter', cookie });
    try {
      const [, { pid }] = await Promise.all([installed.start(), other.start()]);
      const before = other.files();
      const [, name = ''] = other.nodeFlags;
      expect(await installed.evaluate(`net_kernel:connect_node('${name}')`)).toBe('{ok, true}');
      await upgrade(packages, 'two connected nodes with one cookie');
      expect(other.files()).toEqual(before);
      expect((await findNode(other.root)).pid).toBe(pid);
      expect(await other.evaluate('release_handler:which_releases(permanent)')).toContain(OLD);
      expect(await installed.evaluate('nodes()')).toContain(name);
      // hidden nodes come and go
      expect(await other.evaluate('nodes(hidden)')).not.toContain('ctl_');
    } finally {
      await other.remove();
    }
  });

  it('is left as it is when nobody trusts the certificate of check-url', async () => {
    await install(packages);
    await installed.start();
    const before = installed.files();
    const pem = (name: string) => join(installed.folder, name);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
    execFileSync('openssl', [...request, '-keyout', pem('key'), '-out', pem('cert')], { stdio: 'ignore' });
    const port = await freePort();
    const args = [
      's_server',
      '-quiet',
      '-accept',
      `127.0.0.1:${port}`,
      '-key',
      pem('key'),
      '-cert',
      pem('cert'),
      '-www',
    ];
    const server = spawn('openssl', args, { stdio: 'ignore' });
    try {
      const run = await eventually(async () => {
        const one = await deploy(packages, { 'check-url': `https://127.0.0.1:${port}/`, 'dry-run': 'true' });
        expect(one.exitCode).toBe(1);
        return one;
      });
      expect(run.log).toContain('The check-url cannot be used: the certificate of https://127.0.0.1:');
      expect(installed.files()).toEqual(before);
      tally.add('check-url with a self-signed certificate', 'refused');
    } finally {
      server.kill('SIGKILL');
    }
  });
});
