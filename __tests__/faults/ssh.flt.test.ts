import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { journalOf } from '../support/deploy-process.js';
import { failure } from '../support/failures.js';
import { NODE_PATH } from '../support/over-ssh.js';
import { installFor, startAs } from '../support/owned-release.js';
import type { InstalledRelease } from '../support/running-release.js';
import { SshServer } from '../support/ssh-server.js';
import { TestUser } from '../support/test-user.js';
import { note } from './support/figures.js';
import { NEW, OLD, Packages } from './support/packages.js';
import { Tally } from './support/tally.js';

const packages = Packages.shared();
const tally = new Tally('Deploys over ssh whose network fell silent');
let owner: TestUser;
let server: SshServer;
let installed: InstalledRelease;

beforeAll(async () => {
  owner = TestUser.create('node', '/bin/sh');
  server = await SshServer.start({ path: NODE_PATH });
});
beforeEach(async () => {
  installed = await installFor(owner, packages.full(OLD), { release: 'webcounter' });
  await startAs(owner, installed);
});
afterEach(() => installed.remove());
afterAll(() => {
  server.stop();
  tally.print();
  owner.remove();
  removeRuns();
});

async function deploy(inputs: Readonly<Record<string, string>>): Promise<ActionRun> {
  const folder = join(packages.folder, NEW);
  const where = { 'deploy-root': installed.root, ssh: server.address(owner.name) };
  const run = await runAction(
    {
      workspace: folder,
      inputs: { package: folder, ...where, 'ssh-known-hosts': server.knownHosts, ...inputs },
      env: server.env,
    },
    'deploy',
  );
  note({ deploy: run.outputs['node-state'] ?? 'killed' });
  return run;
}

it(
  'without a word from the other side both stop by themselves, and the next run goes on',
  { timeout: 400_000 },
  async () => {
    const pid = await installed.ask('os getpid');
    // far longer than both sides wait
    const work = deploy({ soak: '170s', 'health-timeout': '600s' });
    while (!journalOf(installed.root).some(({ step }) => step === 'installed')) await setTimeout(10);
    server.signalConnections('SIGSTOP');
    const run = await work;
    expect(failure(run).message).toContain('broke while the deploy was at work there');
    expect(run.outputs['node-state']).toBe('unknown');
    // the deploy there has not come to the end of its soak, and does not hold the lock any more
    const again = await deploy({ soak: '1s' });
    expect(again.exitCode, again.log).toBe(0);
    expect(again.outputs['node-state']).toBe('upgraded');
    expect(await installed.ask('os getpid')).toBe(pid);
    tally.add('the network falls silent after the installation', 'unknown, then upgraded');
  },
);
