import { chownSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findNode } from '../../../src/node/node-process.js';
import { failure, removeKept } from '../../support/failures.js';
import { ownersOf } from '../../support/owned-release.js';
import { OverSsh, PLAIN_PATH } from '../../support/over-ssh.js';
import type { InstalledRelease } from '../../support/running-release.js';
import { SshServer } from '../../support/ssh-server.js';

let machine: OverSsh;
let installed: InstalledRelease;

beforeAll(async () => {
  machine = await OverSsh.prepare();
});
beforeEach(async () => {
  installed = await machine.startedRelease();
});
afterEach(() => installed.remove());
afterAll(() => {
  machine.remove();
  removeKept();
});

/** Lists what was brought, and what in it, or in the environment, holds a text. */
const SPY = (text: string): string => `
echo "runs in $PWD as $(id -un)"
env | cut -d= -f1 | sort | tr '\\n' ' '
for folder in /tmp/relup-action-*; do
  [[ -O $folder ]] && find "$folder" -type f | sed "s|^$folder/|brought: |"
done
env | grep -c ${text} || echo "not in the environment"
grep -rl -e ${text} /tmp/relup-action-* 2>/dev/null || echo "not in the files"
`;

describe('a node on a machine without a runner', () => {
  it('is upgraded over ssh, and what the deploy says is the same as on a runner', async () => {
    const pid = await installed.ask('os getpid');
    await installed.ask('helloworld helloworld');
    const run = await machine.deploy(installed.root);
    expect(run.exitCode, run.log).toBe(0);
    expect(run.outputs).toMatchObject({
      'release-name': 'helloworld',
      version: '0.2.0',
      'deployed-version': '0.2.0',
      'node-state': 'upgraded',
    });
    expect(run.log).toContain(`On ${machine.server.address(machine.owner.name)}:`);
    expect(run.log).toMatch(/^::group::Deploy: preflight$/m);
    expect(run.log).toContain(`::add-mask::${installed.cookie}`);
    expect(run.log.replace(/^::add-mask::.*$/gm, '')).not.toContain(installed.cookie);
    expect(run.log).not.toContain('brought along');
    expect(run.summary).toMatch(/Journal[\s\S]*make-permanent/);
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect(await installed.ask('os getpid')).toBe(pid);
    expect(ownersOf(installed.root)).toEqual([machine.owner.uid]);
    expect(machine.left()).toEqual([]);
    expect(run.state['over-ssh']).toBe('');
    const again = await machine.deploy(installed.root, { 'dry-run': 'true' });
    expect(again.log).toContain('The node runs helloworld 0.2.0 already.');
    expect(again.outputs['node-state']).toBe('untouched');
    const back = await machine.deploy(installed.root, { package: '', version: 'previous' });
    expect(back.exitCode, back.log).toBe(0);
    expect(back.outputs).toMatchObject({ 'node-state': 'downgraded', 'deployed-version': '0.1.0' });
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
    expect(machine.left()).toEqual([]);
  });

  it('gets nothing of the runner, neither its environment nor its tokens', async () => {
    const secret = 'seen-by-nobody';
    const names = ['GITHUB_TOKEN', 'SECRET_OF_THE_JOB', 'ACTIONS_RUNTIME_TOKEN', 'LC_SECRET'];
    const env = Object.fromEntries(names.map((name) => [name, `${secret}-${name}`]));
    const inputs = { 'github-token': secret, check: SPY(secret.replace('by', 'b[y]')) };
    const run = await machine.deploy(installed.root, inputs, { env });
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).toContain(`runs in ${installed.root} as ${machine.owner.name}`);
    expect(run.log).toContain('brought: request.json');
    expect(run.log).toContain('brought: helloworld-0.2.0.upgrade.tar.gz');
    expect(run.log).not.toMatch(/brought: .*(known_hosts|dist\/relup|artifact-)/);
    expect(run.log).not.toMatch(
      /\b(GITHUB_(?!WORKSPACE|STATE)\w+|RUNNER_\w+|INPUT_\w+|ACTIONS_\w+|SSH_AUTH_SOCK)\b/,
    );
    expect(run.log).toContain('not in the environment');
    expect(run.log).toContain('not in the files');
  });

  it('that has no Node is brought one, and the environment of the service is read there', async () => {
    const server = await SshServer.start({ path: PLAIN_PATH });
    try {
      const environment = join(machine.owner.home, 'service.env');
      writeFileSync(environment, 'DB_HOST=db.example\n');
      const run = await machine.deploy(installed.root, { 'env-file': environment }, { server });
      expect(run.exitCode, run.log).toBe(0);
      expect(run.log).toContain('has no Node that is new enough, so ours was brought along.');
      expect(await installed.ask('application get_all_env [helloworld]')).toContain('db.example');
      expect(machine.left()).toEqual([]);
    } finally {
      server.stop();
    }
  });

  it('is upgraded as its own user when the ssh user is root', async () => {
    const inputs = { ssh: machine.server.address('root'), check: 'echo "check as $(id -un) in $PWD"' };
    const run = await machine.deploy(installed.root, inputs);
    expect(run.exitCode, run.log).toBe(0);
    expect(run.log).toContain(`As user ${machine.owner.name}:`);
    expect(run.log).toContain(`check as ${machine.owner.name} in ${installed.root}`);
    expect(ownersOf(installed.root)).toEqual([machine.owner.uid]);
    expect(machine.left()).toEqual([]);
  });

  it('is installed and started where there is nothing yet', async () => {
    await installed.evaluate('init:stop()');
    await expect.poll(() => findNode(installed.root).catch(() => 'none'), { timeout: 30_000 }).toBe('none');
    rmSync(installed.root, { recursive: true });
    // its folder is the owner's to make
    chownSync(installed.folder, machine.owner.uid, machine.owner.gid);
    const environment = join(installed.folder, 'service.env');
    const lines = Object.entries(installed.environment).map(([name, value]) => `${name}="${value}"\n`);
    writeFileSync(environment, lines.join(''), { mode: 0o644 });
    const run = await machine.deploy(installed.root, { 'env-file': environment });
    expect(run.exitCode, run.log).toBe(0);
    expect(run.outputs).toMatchObject({ 'node-state': 'installed', 'deployed-version': '0.2.0' });
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect((await findNode(installed.root)).uid).toBe(machine.owner.uid);
    expect(ownersOf(installed.root)).toEqual([machine.owner.uid]);
    expect(machine.left()).toEqual([]);
  });

  it('tells what it refuses, and what became of a deploy that failed, as on a runner', async () => {
    const wrong = await machine.deploy('/usr/share');
    expect(failure(wrong).message).toContain('/usr/share is not an installed release');
    expect(wrong.outputs['node-state']).toBe('untouched');
    const sick = await machine.deploy(installed.root, { check: 'false', 'health-timeout': '3s' });
    expect(failure(sick).message).toContain('The node was downgraded and runs 0.1.0.');
    expect(sick.outputs['node-state']).toBe('downgraded');
    expect(sick.summary).toMatch(/Journal[\s\S]*downgrade/);
    expect(machine.left()).toEqual([]);
  });
});
