import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, folder, pathWith, removeKept } from '../../support/failures.js';
import { freePort } from '../../support/free-port.js';
import { OverSsh, NODE_PATH } from '../../support/over-ssh.js';
import { SshServer, type SshServerOptions } from '../../support/ssh-server.js';
import { TestUser } from '../../support/test-user.js';

let machine: OverSsh;

beforeAll(async () => {
  machine = await OverSsh.prepare();
});
afterAll(() => {
  machine.remove();
  removeKept();
});

/** Nothing was changed, nothing is left, and one sentence says why. */
async function refusal(...how: Parameters<OverSsh['deploy']> | []): Promise<string> {
  const [root = '/opt/none', inputs, more] = how;
  const run = await machine.deploy(root, inputs, more);
  expect(run.outputs['node-state']).toBe('untouched');
  const { message } = failure(run);
  expect(machine.left()).toEqual([]);
  return message;
}

async function withServer(
  options: SshServerOptions,
  work: (server: SshServer) => Promise<void>,
): Promise<void> {
  const server = await SshServer.start(options);
  try {
    await work(server);
  } finally {
    server.stop();
  }
}

describe('the agent', () => {
  it('has to be there, before anything else', async () => {
    const none = { SSH_AUTH_SOCK: undefined };
    expect(await refusal('/opt/none', { package: '/nowhere' }, { env: none })).toContain(
      'The key for `ssh` comes from an ssh agent, but SSH_AUTH_SOCK is not set.',
    );
    expect(await refusal('/opt/none', {}, { env: { SSH_AUTH_SOCK: join(folder(), 'gone') } })).toContain(
      'The ssh agent at SSH_AUTH_SOCK does not answer.',
    );
    const path = pathWith({ ssh: undefined, 'ssh-add': undefined });
    expect(await refusal('/opt/none', {}, { env: { PATH: path } })).toContain(
      'There is no ssh on this runner.',
    );
  });

  it('has to hold a key, and one that is let in; keys in files count for nothing', async () => {
    machine.server.hold('none');
    expect(await refusal()).toContain('The ssh agent holds no key.');
    machine.server.hold('other');
    expect(await refusal()).toContain(
      `127.0.0.1 lets ${machine.owner.name} in with none of the keys of the ssh agent.`,
    );
    machine.server.hold('user');
  });
});

describe('the machine', () => {
  it('has to have a host key of ssh-known-hosts', async () => {
    const { server } = machine;
    const elsewhere = server.knownHosts.replace(`:${server.port}`, ':1');
    expect(await refusal('/opt/none', { 'ssh-known-hosts': elsewhere })).toContain(
      `ssh-known-hosts names no key for 127.0.0.1, port ${server.port}, so it is not known whether`,
    );
    expect(await refusal('/opt/none', { 'ssh-known-hosts': server.wrongKnownHosts })).toContain(
      `The machine that answers as 127.0.0.1, port ${server.port}, has another host key than ssh-known-hosts says.`,
    );
  });

  it('has to be reached', async () => {
    const closed = `${machine.owner.name}@127.0.0.1:${await freePort()}`;
    expect(await refusal('/opt/none', { ssh: closed })).toContain(
      `${closed} cannot be reached from this runner: connect to host 127.0.0.1`,
    );
    expect(await refusal('/opt/none', { ssh: 'app@no-such-machine.invalid' })).toContain(
      'app@no-such-machine.invalid cannot be reached from this runner: Could not resolve hostname',
    );
  });

  it('has to give a shell', async () => {
    const shut = TestUser.create('shut');
    try {
      const ssh = machine.server.address(shut.name);
      expect(await refusal('/opt/none', { ssh })).toContain(`${ssh} runs no shell for this login.`);
    } finally {
      shut.remove();
    }
  });

  it('has to have what a deploy needs', async () => {
    const path = pathWith({ tar: undefined, timeout: undefined });
    chmodSync(path, 0o755);
    await withServer({ path }, async (server) =>
      expect(await refusal('/opt/none', {}, { server })).toContain(
        'lacks programs that a deploy needs: timeout tar.',
      ),
    );
    const foreign = pathWith({ node: undefined, uname: 'test "$1" = -s && echo Linux || echo mips64' });
    chmodSync(foreign, 0o755);
    await withServer({ path: foreign }, async (server) =>
      expect(await refusal('/opt/none', {}, { server })).toMatch(
        /has no Node 22\.13 or newer, and this runner's own \(\w+\) does not run on its processor \(mips64\)/,
      ),
    );
  });

  it('has to have room in /tmp', async () => {
    await withServer({ path: NODE_PATH, tmp: '300k' }, async (server) =>
      expect(await refusal('/opt/none', {}, { server })).toMatch(
        // tar says either, by how much of a block there was room for
        /This action could not be brought to .*(No space left on device|Wrote only \d+)[^]*Free some space in \/tmp there\./,
      ),
    );
    await withServer({ path: NODE_PATH, tmp: '1m,mode=0755' }, async (server) =>
      expect(await refusal('/opt/none', {}, { server })).toMatch(
        /No folder could be made in \/tmp on .*Permission denied/,
      ),
    );
  });

  it("is not asked for anything that the runner's own configuration says", async () => {
    const home = folder();
    writeFileSync(join(home, 'config'), 'Host *\n  StrictHostKeyChecking no\n  SendEnv *\n');
    expect(readdirSync(home)).toEqual(['config']);
    const known = { 'ssh-known-hosts': machine.server.wrongKnownHosts };
    expect(await refusal('/opt/none', known, { env: { HOME: home } })).toContain('has another host key');
  });
});
