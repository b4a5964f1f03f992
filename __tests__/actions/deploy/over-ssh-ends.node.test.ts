import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runAction, type ActionOptions } from '../../support/action.js';
import { runCommandLine } from '../../support/command-line.js';
import { journalOf } from '../../support/deploy-process.js';
import { failure, removeKept } from '../../support/failures.js';
import { OverSsh } from '../../support/over-ssh.js';
import type { InstalledRelease } from '../../support/running-release.js';

let machine: OverSsh;
let installed: InstalledRelease;
let pid: string;

beforeAll(async () => {
  machine = await OverSsh.prepare();
});
beforeEach(async () => {
  installed = await machine.startedRelease();
  pid = await installed.ask('os getpid');
});
afterEach(() => installed.remove());
afterAll(() => {
  machine.remove();
  removeKept();
});

/** Does something once, when the output has the text. */
function when(
  text: string,
  work: (kill: (signal: NodeJS.Signals) => void) => void,
): NonNullable<ActionOptions['onOutput']> {
  let done = false;
  return (output, kill) => {
    if (done || !output.includes(text)) return;
    done = true;
    work(kill);
  };
}

async function goesOn(): Promise<void> {
  const again = await machine.deploy(installed.root);
  expect(again.exitCode, again.log).toBe(0);
  expect(again.outputs['node-state']).toBe('upgraded');
  expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
  expect(await installed.ask('os getpid')).toBe(pid);
  expect(machine.left()).toEqual([]);
}

describe('a deploy over ssh', () => {
  it.each([
    'begin',
    'put-package',
    'unpack',
    'configure',
    'install',
    'installed',
    'make-permanent',
    'start-script',
  ])('whose connection breaks at %s ends that step by itself, and the next run goes on', async (step) => {
    let over = false;
    const work = machine.deploy(installed.root).finally(() => (over = true));
    while (!over && !journalOf(installed.root).some((entry) => entry.step === step)) await setTimeout(1);
    machine.server.signalConnections('SIGKILL');
    const run = await work;
    // at the last steps the answer may have been on its way
    if (run.exitCode === 0) expect(['make-permanent', 'start-script']).toContain(step);
    else {
      expect(failure(run).message).toContain(
        `The connection to ${machine.server.address(machine.owner.name)} broke while the deploy was at work there`,
      );
      expect(failure(run).message).toContain('Run this step again: it goes on from the journal');
      expect(run.outputs['node-state']).toBe('unknown');
    }
    // it has waited for the deploy there
    expect(machine.left()).toEqual([]);
    const last = journalOf(installed.root).at(-1)?.step;
    expect(
      ['begin', 'put-package', 'unpack', 'configure'].includes(step) ? ['end'] : ['installed', 'end'],
    ).toContain(last);
    await goesOn();
  });

  it('is cancelled in order with the job', async () => {
    const onOutput = when('Package in place', (kill) => kill('SIGINT'));
    const run = await machine.deploy(installed.root, {}, { onOutput });
    expect(failure(run).message).toContain('The deploy was cancelled (SIGINT).');
    expect(run.outputs['node-state']).toBe('untouched');
    expect(journalOf(installed.root).at(-1)).toMatchObject({ step: 'end', nodeState: 'untouched' });
    expect(machine.left()).toEqual([]);
    await goesOn();
  });

  it('is left in order when the step is killed; the post step waits for it', async () => {
    const onOutput = when('Package in place', (kill) => kill('SIGKILL'));
    const run = await machine.deploy(installed.root, {}, { onOutput });
    expect(run.signal).toBe('SIGKILL');
    const state = Object.fromEntries(
      Object.entries(run.state).map(([name, value]) => [`STATE_${name}`, value]),
    );
    const env = { ...machine.server.env, ...state };
    const post = await runAction({ workspace: '/', temp: run.temp, env }, 'cleanup');
    expect(post.log).toMatch(/Removed \/tmp\/relup-action-\w+ on .*, if a cancelled run had left it\./);
    expect(machine.left()).toEqual([]);
    await goesOn();
  });

  it('is done by the command line, too', async () => {
    const { server, owner, packages } = machine;
    const where = ['--ssh', server.address(owner.name), '--ssh-known-hosts', server.knownHosts];
    const what = ['--deploy-root', installed.root, '--package', packages.folder, '--soak', '1s', '--json'];
    const run = await runCommandLine('/', ['deploy', ...where, ...what], { env: server.env });
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      nodeState: 'upgraded',
      deployed: { deployedVersion: '0.2.0' },
    });
    expect(run.stderr).not.toContain(installed.cookie);
    expect(await installed.ask('os getpid')).toBe(pid);
    expect(machine.left()).toEqual([]);
  });
});
