import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { failure } from '../support/failures.js';
import { installFor, startAs } from '../support/owned-release.js';
import { signalAll } from '../support/processes.js';
import type { InstalledRelease } from '../support/running-release.js';
import { TestUser } from '../support/test-user.js';
import { note } from './support/figures.js';
import { NEW, OLD, Packages } from './support/packages.js';
import { Tally } from './support/tally.js';

const packages = Packages.shared();
const tally = new Tally('The part of a deploy that runs as the node’s user, in trouble');
let owner: TestUser;
let installed: InstalledRelease;

beforeAll(() => {
  owner = TestUser.create('node');
});
beforeEach(async () => {
  installed = await installFor(owner, packages.full(OLD), { release: 'webcounter' });
  await startAs(owner, installed);
});
afterEach(() => installed.remove());
afterAll(() => {
  tally.print();
  owner.remove();
  removeRuns();
});

/** As root, which becomes the owner. */
async function deploy(onOutput: (text: string) => void = () => undefined): Promise<ActionRun> {
  const folder = join(packages.folder, NEW);
  const inputs = { package: folder, 'deploy-root': installed.root, soak: '1s' };
  const run = await runAction({ workspace: folder, inputs, onOutput }, 'deploy');
  note({ deploy: run.outputs['node-state'] ?? 'killed' });
  return run;
}

/** Process ids of our helper, which is the owner's only Node program. */
function helpers(): number[] {
  const running = execFileSync('ps', ['-o', 'pid=,args=', '-U', String(owner.uid)], { encoding: 'utf8' });
  const rows = running.split('\n').filter((row) => row.includes('deploy-as-user/index.mjs'));
  return rows.map((row) => Number.parseInt(row, 10));
}

function left(): string[] {
  // others come and go
  const uid = (name: string) => lstatSync(join('/tmp', name), { throwIfNoEntry: false })?.uid;
  return readdirSync('/tmp').filter((name) => name.startsWith('relup-action-') && uid(name) === owner.uid);
}

it.each(['SIGSTOP', 'SIGKILL'] as const)(
  'that gets a %s is not waited for longer than a minute, and the next run goes on',
  async (signal) => {
    let sent = false;
    const run = await deploy((text) => {
      if (sent || !text.includes('Package in place')) return;
      sent = true;
      signalAll(helpers(), signal);
    });
    expect(run.exitCode).toBe(1);
    const how =
      signal === 'SIGSTOP' ? 'gave no sign of life for a minute, so it was ended' : 'was ended by SIGKILL';
    expect(failure(run).message).toContain(`The part of the deploy that runs as ${owner.name} ${how}`);
    expect(run.outputs['node-state']).toBe('unknown');
    expect([...helpers(), ...left()]).toEqual([]);
    const again = await deploy();
    expect(again.exitCode, again.log).toBe(0);
    expect(again.outputs['node-state']).toBe('upgraded');
    tally.add(`the helper gets a ${signal}`, 'unknown, then upgraded');
  },
);
