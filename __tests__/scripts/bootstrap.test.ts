// scripts/bootstrap in a project folder and on a PATH of our own making.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot, temporaryFolder } from '../support/repository.js';

const COREUTILS = ['bash', 'cat', 'dirname', 'env', 'mktemp', 'rm'];

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  for (const name of ['bin', 'scripts', 'node_modules/.bin'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const tool of COREUTILS) {
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(folder, 'bin', tool));
  }
  copyFileSync(join(projectRoot, 'scripts/bootstrap'), join(folder, 'scripts/bootstrap'));
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
  for (const tool of ['erl', 'erlc', 'rebar3']) program(`bin/${tool}`, '');
  program('bin/id', 'echo 1000');
  program('bin/node', 'echo v20.20.2');
  program('bin/npm', 'echo "npm $*" >> "$CALLS"');
  program('bin/apt-get', 'echo "apt-get $*" >> "$CALLS"');
  program('bin/sudo', 'shift; echo "sudo $*" >> "$CALLS"; exec "$@"');
  program('bin/sshd', '');
  program('bin/true', '');
  program('node_modules/.bin/node', 'echo v24.21.0');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes an executable of the folder. */
function program(name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function without(...tools: string[]): void {
  for (const tool of tools) rmSync(join(folder, 'bin', tool));
}

function bootstrap() {
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  const { status, stdout, stderr } = spawnSync(join(folder, 'scripts/bootstrap'), {
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'node_modules/.bin')}:${join(folder, 'bin')}`, CALLS: calls },
  });
  return { status, stdout, stderr, calls: readFileSync(calls, 'utf8').split('\n').slice(0, -1) };
}

describe('scripts/bootstrap', () => {
  it('does nothing and says nothing when all is there', () => {
    expect(bootstrap()).toEqual({ status: 0, stdout: '', stderr: '', calls: [] });
  });

  it.each(['node_modules/.package-lock.json', 'node_modules'])('runs npm ci without %s', (missing) => {
    rmSync(join(folder, missing), { recursive: true });
    program(
      'bin/npm',
      `echo "npm $*" >> "$CALLS"
       mkdir -p node_modules/.bin
       printf '#!/bin/sh\\necho v24.21.0\\n' > node_modules/.bin/node
       chmod +x node_modules/.bin/node`,
    );
    for (const tool of ['mkdir', 'chmod']) {
      symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(folder, 'bin', tool));
    }
    const outcome = bootstrap();
    expect(outcome).toMatchObject({ status: 0, calls: ['npm ci'] });
    expect(outcome.stderr).toBe('bootstrap: installing the npm packages (npm ci)…\n');
  });

  it('runs npm ci when package-lock.json is newer, with the Node that is not replaced by it', () => {
    utimesSync(join(folder, 'node_modules/.package-lock.json'), 1, 1);
    program('bin/npm', 'echo "npm $* on $(node --version)" >> "$CALLS"');
    expect(bootstrap()).toMatchObject({ status: 0, calls: ['npm ci on v20.20.2'] });
  });

  it('shows what npm printed when it fails', () => {
    utimesSync(join(folder, 'node_modules/.package-lock.json'), 1, 1);
    program('bin/npm', 'echo "lock file out of step"; exit 1');
    const outcome = bootstrap();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('lock file out of step\nbootstrap: npm ci failed');
  });

  it.each(['echo v18.19.0', 'exit 127'])('refuses to install when node is `%s`', (node) => {
    utimesSync(join(folder, 'node_modules/.package-lock.json'), 1, 1);
    program('bin/node', node);
    expect(bootstrap()).toMatchObject({
      status: 1,
      stderr: 'bootstrap: Node.js 20 or newer and npm are needed; install them and start again.\n',
      calls: [],
    });
  });

  it('says what to do when the package node has no Node 24', () => {
    program('node_modules/.bin/node', 'exit 1');
    const outcome = bootstrap();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(
      /^bootstrap: node_modules\/\.bin\/node should be Node 24 .*npm rebuild node.*\n$/,
    );
  });

  it('says in one sentence what to install when it may not', () => {
    without('erlc', 'rebar3');
    program('bin/sudo', 'echo "a password is required" >&2; exit 1');
    const outcome = bootstrap();
    expect(outcome).toMatchObject({ status: 1, calls: [] });
    expect(outcome.stderr).toMatch(
      /^bootstrap: not found: erlc rebar3; install Erlang\/OTP .* and rebar3 .*\n$/,
    );
  });

  it('says so too where there is no apt-get', () => {
    without('rebar3', 'apt-get');
    const outcome = bootstrap();
    expect(outcome).toMatchObject({ status: 1, calls: [] });
    expect(outcome.stderr).toMatch(/^bootstrap: not found: rebar3; install [^\n]*\n$/);
  });

  it.each([
    { who: 'root', id: '0', sudo: 0 },
    { who: 'a user with sudo', id: '1000', sudo: 3 },
  ])('installs Erlang and rebar3 as $who, although apt-get update fails', ({ id, sudo }) => {
    without('erl');
    program('bin/id', `echo ${id}`);
    program(
      'bin/apt-get',
      `echo "apt-get $DEBIAN_FRONTEND $*" >> "$CALLS"
       case $* in
         *update) echo "a source has expired" >&2; exit 100 ;;
         *install*) ln -s erlc ${join(folder, 'bin/erl')} ;;
       esac`,
    );
    symlinkSync(execFileSync('which', ['ln'], { encoding: 'utf8' }).trim(), join(folder, 'bin/ln'));
    const outcome = bootstrap();
    expect(outcome.stderr).toBe('bootstrap: installing Erlang/OTP and rebar3 (apt-get install rebar3)…\n');
    expect(outcome.status).toBe(0);
    expect(outcome.calls.filter((call) => call.startsWith('sudo'))).toHaveLength(sudo);
    expect(outcome.calls.filter((call) => call.startsWith('apt-get'))).toEqual([
      expect.stringMatching(/^apt-get noninteractive -y .* update$/),
      expect.stringMatching(/^apt-get noninteractive -y .* install --no-install-recommends rebar3$/),
    ]);
  });

  it('shows what apt-get printed when it cannot install', () => {
    without('rebar3');
    program('bin/apt-get', 'echo "unable to locate rebar3" >&2; exit 100');
    const outcome = bootstrap();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('unable to locate rebar3');
    expect(outcome.stderr).toMatch(/\nbootstrap: apt-get could not install rebar3; .*\n$/);
  });

  it('is not content when the tools are missing after the installation', () => {
    without('rebar3');
    const outcome = bootstrap();
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('bootstrap: still not found after apt-get install rebar3: rebar3;');
  });
});
