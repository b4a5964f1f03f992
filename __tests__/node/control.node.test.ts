import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ControlLostError, ControlStartError } from '../../src/node/control-session.js';
import { ControlError, controlNode, type NodeControl } from '../../src/node/control.js';
import { findNode, type NodeProcess } from '../../src/node/node-process.js';
import { readNodeState } from '../../src/node/node-state.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { buildHelloworld, type Helloworld } from '../support/helloworld-package.js';
import { hang } from '../support/processes.js';
import { temporaryFolder } from '../support/repository.js';
import { InstalledRelease } from '../support/running-release.js';
import { sharedErlang } from '../support/shared-erlang.js';

vi.mock('@actions/core');

let folder: string;
let erlang: Erlang;
let built: Helloworld;
let installed: InstalledRelease;
let node: NodeProcess;
let control: NodeControl;

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
  built = await buildHelloworld();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(built.folder, { recursive: true, force: true });
});

async function start(environment: Record<string, string> = {}): Promise<void> {
  installed = await InstalledRelease.install(built.oldTarball, { environment });
  node = await installed.start();
  control = controlNode({ erlang, node, privateFolder: join(folder, 'private') });
}

/** The control processes that this file's `control` started. */
function controlProcesses(): number[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && isControl(pid))
    .map(Number);
}

function isControl(pid: string): boolean {
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return argv.includes('relup_session') && argv.some((argument) => argument.startsWith(folder));
  } catch {
    return false;
  }
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ControlError);
  return (error as ControlError).reason;
}

describe('the control process', () => {
  beforeAll(() => start());
  afterAll(() => installed.remove());

  it('sees what runs, and leaves nothing on the node or beside it', async () => {
    const before = await readNodeState(control);
    expect(before).toMatchObject({ osPid: String(node.pid), root: installed.root, status: 'started' });
    expect(before.releases).toMatchObject([{ name: 'helloworld', version: '0.1.0', status: 'permanent' }]);
    expect(before.applications).toMatchObject({ helloworld: '0.1.0' });
    const module = before.modules.find(({ name }) => name === 'helloworld');
    expect(module?.file).toBe(join(installed.root, 'lib/helloworld-0.1.0/ebin/helloworld.beam'));
    // #Bin<200,212,…>
    const md5 = (await installed.ask('helloworld module_info [md5]')).match(/\d+/g)?.map(Number);
    expect(module?.md5).toBe(Buffer.from(md5 ?? []).toString('hex'));
    const { modules } = await readNodeState(control);
    expect(modules.map(({ name }) => name).sort()).toEqual(before.modules.map(({ name }) => name).sort());
    expect(readdirSync(join(folder, 'private/control'))).toEqual([]);
  });

  it('passes data as data, whatever it looks like (H100)', async () => {
    const version = '0.2.0"), init:stop(), io:format("';
    await expect(control.call('check-install', [version])).rejects.toThrow(
      `no release ${version} is registered`,
    );
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
  });

  it('answers several questions at once, each with its own answer', async () => {
    const versions = Array.from({ length: 20 }, (_, index) => `9.${index}.0`);
    const answers = await Promise.allSettled(
      versions.map((version) => control.call('check-install', [version])),
    );
    const messages = answers.map((answer) => (answer.status === 'rejected' ? String(answer.reason) : ''));
    expect(messages).toEqual(
      versions.map((version) => expect.stringContaining(`no release ${version} is`) as string),
    );
  });

  it('is one process for all calls, started anew after it was closed or killed, and ended by close', async () => {
    await control.call('state');
    const [first, ...others] = controlProcesses();
    expect(others).toEqual([]);
    process.kill(first ?? 0, 'SIGKILL');
    expect((await eventually(() => readNodeState(control))).osPid).toBe(String(node.pid));
    control.close();
    await eventually(() => Promise.resolve(controlProcesses().length === 0 || undefined));
    expect((await readNodeState(control)).osPid).toBe(String(node.pid));
  });

  it('tells when it is killed while it waits for an answer that may not be asked for again', async () => {
    await control.call('state');
    await hang(node.pid);
    try {
      const asked = control.call('unpack', ['missing'], 30).catch((error: unknown) => error);
      process.kill(controlProcesses()[0] ?? 0, 'SIGKILL');
      expect(String(await asked)).toContain(
        'The control process, which asks the node, was ended by SIGKILL.',
      );
    } finally {
      process.kill(node.pid, 'SIGCONT');
    }
  });

  it('that hangs is ended: what can be asked again is, anything else is told', async () => {
    await control.call('state');
    await Promise.all(controlProcesses().map(hang));
    expect((await readNodeState(control)).osPid).toBe(String(node.pid));
    expect(control.lostMilliseconds()).toBeGreaterThan(0);
    await Promise.all(controlProcesses().map(hang));
    await expect(control.call('make-permanent', ['9.0.0'])).rejects.toBeInstanceOf(ControlLostError);
  });

  it('tells an exception on the node from everything else', async () => {
    const list = join(folder, 'no-process-ids');
    writeFileSync(list, 'nobody\n');
    expect(await reasonOf(control.call('end-processes', [list]))).toBe('exception');
  });

  it('gives no releases for a record that is missing or damaged', async () => {
    expect(await control.call('releases-file', [join(installed.root, 'missing')])).toEqual([]);
    const damaged = join(folder, 'damaged');
    writeFileSync(damaged, '[{release, "a",\n');
    expect(await control.call('releases-file', [damaged])).toEqual([]);
  });

  it('tells a wrong cookie and a name that nobody has', async () => {
    const asked = (changes: Partial<NodeProcess>) =>
      controlNode({ erlang, node: { ...node, ...changes }, privateFolder: join(folder, 'private') }).call(
        'state',
      );
    expect(await reasonOf(asked({ cookie: 'wrong' }))).toBe('wrong_cookie');
    expect(await reasonOf(asked({ nodeName: 'nobody_is_called_so@localhost' }))).toBe('not_registered');
    expect(await reasonOf(asked({ nodeName: 'anybody@nosuchhost' }))).toBe('unknown_host');
  });

  it('says at once that it cannot be started, and shows what it printed', async () => {
    const distribution = ['-proto_dist', 'no_such_carrier'];
    const started = controlNode({
      erlang,
      node: { ...node, distribution },
      privateFolder: join(folder, 'private'),
    });
    const error = await started.call('state').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ControlStartError);
    expect((error as ControlStartError).message).toMatch(
      /cannot be started: it ended with \d+ before it answered/,
    );
    expect((error as ControlStartError).details).toContain('nodistribution');
  });

  it('tells a node that hangs, also one that it was connected to', async () => {
    await control.call('state');
    await hang(node.pid);
    try {
      expect(await reasonOf(control.call('state', [], 2))).toBe('timeout');
      const other = controlNode({ erlang, node, privateFolder: join(folder, 'private') });
      expect(await reasonOf(other.call('state', [], 5))).toBe('no_answer');
      other.close();
    } finally {
      process.kill(node.pid, 'SIGCONT');
    }
  });
});

describe('epmd', () => {
  let epmd: number | undefined;

  afterEach(async () => {
    await installed.remove();
    if (epmd !== undefined && existsSync(`/proc/${epmd}`)) process.kill(epmd, 'SIGKILL');
  });

  it("is found where the node's environment says, and its absence is told", async () => {
    const port = String(await freePort());
    await start({ ERL_EPMD_PORT: port });
    epmd = epmdWith(port);
    expect(epmd).toBeDefined();
    expect((await readNodeState(control)).osPid).toBe(String(node.pid));
    process.kill(epmd ?? 0, 'SIGKILL');
    while (existsSync(`/proc/${epmd}`)) await setTimeout(20);
    // who is connected needs it no more
    expect((await readNodeState(control)).osPid).toBe(String(node.pid));
    control.close();
    expect(await reasonOf(control.call('state'))).toBe('epmd_gone');
    expect(epmdWith(port)).toBeUndefined();
  });
});

describe('a release with an epmd module of its own', () => {
  let own: Helloworld;

  afterEach(async () => {
    await installed.remove();
    rmSync(own.folder, { recursive: true, force: true });
  });

  it('is reached through that module', async () => {
    const port = await freePort();
    own = await buildHelloworld({
      old: (project) => writeFileSync(join(project, 'src/fixed_port.erl'), fixedPortModule(port)),
    });
    installed = await InstalledRelease.install(own.oldTarball, {
      flags: '-epmd_module fixed_port\n-start_epmd false\n',
    });
    // the script's daemon command waits by means of epmd, for ever
    installed.startInForeground();
    node = await eventually(() => findNode(installed.root));
    expect(node.distribution).toEqual(['-epmd_module', 'fixed_port', '-start_epmd', 'false']);
    control = controlNode({ erlang, node, privateFolder: join(folder, 'private') });
    const state = await eventually(() => readNodeState(control));
    expect(state.osPid).toBe(String(node.pid));
  });
});

describe('a release with distribution over TLS', () => {
  let own: Helloworld;

  beforeAll(async () => {
    own = await buildHelloworld({ old: useTls });
  });

  afterEach(() => installed.remove());
  afterAll(() => rmSync(own.folder, { recursive: true, force: true }));

  it('is reached with its option file and certificates, relative to where the node was started', async () => {
    installed = await InstalledRelease.install(own.oldTarball, {
      flags: '-proto_dist inet_tls\n-ssl_dist_optfile etc/dist.conf\n',
    });
    installed.startInForeground();
    node = await eventually(() => findNode(installed.root));
    expect(node.workingFolder).toBe(installed.root);
    // Also of a node that changed its folder since.
    for (const workingFolder of [node.workingFolder, folder]) {
      control = controlNode({
        erlang,
        node: { ...node, workingFolder },
        privateFolder: join(folder, 'private'),
      });
      expect((await eventually(() => readNodeState(control))).osPid).toBe(String(node.pid));
      control.close();
    }
  });
});

describe('a cookie outside of ASCII', () => {
  afterEach(async () => {
    control.close();
    await installed.remove();
  });

  // The emulator takes the bytes of its command line for what its locale says.
  it.each([
    ['C.UTF-8', 'kéks', 'reached'],
    ['C', 'kéks', 'reached'],
    ['C', 'Кекс', 'reached'],
    ['C.UTF-8', 'Кекс', 'unusable_cookie'],
  ])('of a node with LC_ALL=%s: %s', async (locale, cookie, expected) => {
    installed = await InstalledRelease.install(built.oldTarball, {
      environment: { LC_ALL: locale },
      cookieIn: 'file',
      flags: `-setcookie ${cookie}\n`,
    });
    installed.startInForeground();
    node = await eventually(() => findNode(installed.root));
    control = controlNode({ erlang, node, privateFolder: join(folder, 'private') });
    const answer = await eventually(async () => {
      const reason = await control.call('state').then(
        () => 'reached',
        (error: unknown) => (error as ControlError).reason,
      );
      return ['not_registered', 'epmd_gone'].includes(reason) ? undefined : reason;
    });
    expect(answer).toBe(expected);
  });
});

describe('findNode', () => {
  afterEach(() => installed.remove());

  it('names the nodes when several run from one root', async () => {
    await start();
    const [emulator = '', ...args] = readFileSync(`/proc/${node.pid}/cmdline`, 'utf8')
      .split('\0')
      .slice(0, -1);
    expect(emulator).not.toBe('');
    const second = execFileSync(
      'sh',
      [
        '-c',
        'exec "$0" "$@" >/dev/null 2>&1 & echo $!',
        readlinkSync(`/proc/${node.pid}/exe`),
        ...args.map((arg) => arg.replace(/^hw_/, 'hx_')),
      ],
      {
        env: { ...node.environment },
        encoding: 'utf8',
      },
    );
    const pid = Number(second);
    try {
      await expect(findNode(installed.root)).rejects.toThrow(
        new RegExp(`2 nodes run from .* \\(process ids (${node.pid}, ${pid}|${pid}, ${node.pid})\\)`),
      );
    } finally {
      process.kill(pid, 'SIGKILL');
    }
  });
});

/** A release with ssl, a certificate and an option file that names it by a relative path. */
function useTls(project: string): void {
  const pem = (name: string) => join(project, 'config', name);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=hw'];
  execFileSync('openssl', [...request, '-keyout', pem('key.pem'), '-out', pem('cert.pem')], {
    stdio: 'ignore',
  });
  const server = '[{certfile, "etc/cert.pem"}, {keyfile, "etc/key.pem"}]';
  writeFileSync(pem('dist.conf'), `[{server, ${server}}, {client, [{verify, verify_none}]}].\n`);
  const file = join(project, 'rebar.config');
  const copies = ['key.pem', 'cert.pem', 'dist.conf'].map(
    (name) => `{copy, "config/${name}", "etc/${name}"}`,
  );
  const config = readFileSync(file, 'utf8')
    .replace('[helloworld, sasl]', '[ssl, helloworld, sasl]')
    .replace('{mode, dev}', `{overlay, [${copies.join(', ')}]}, {mode, dev}`);
  writeFileSync(file, config);
}

function fixedPortModule(port: number): string {
  return [
    '-module(fixed_port).',
    '-export([start_link/0, register_node/2, register_node/3, listen_port_please/2, port_please/2, port_please/3]).',
    '-export([address_please/3, names/1]).',
    'start_link() -> ignore.',
    'register_node(_, _) -> {ok, 1}.',
    'register_node(_, _, _) -> {ok, 1}.',
    `listen_port_please(_, _) -> {ok, ${port}}.`,
    `port_please(_, _) -> {port, ${port}, 5}.`,
    `port_please(_, _, _) -> {port, ${port}, 5}.`,
    `address_please(_, _, _) -> {ok, {127,0,0,1}, ${port}, 5}.`,
    'names(_) -> {error, address}.',
  ].join('\n');
}

/** Tries again until it works; the test's own time limit ends it. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    const result = await work().catch(() => undefined);
    if (result !== undefined) return result;
    await setTimeout(100);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function epmdWith(port: string): number | undefined {
  const pid = readdirSync('/proc').find((name) => {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0');
      return (
        /\/epmd$/.test(readlinkSync(`/proc/${name}/exe`)) && environment.includes(`ERL_EPMD_PORT=${port}`)
      );
    } catch {
      return false;
    }
  });
  return pid === undefined ? undefined : Number(pid);
}
