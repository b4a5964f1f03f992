import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeployError } from '../../src/deploy/deploy-error.js';
import { DeployProgram, journalOf } from '../support/deploy-process.js';
import { captureOutput, Deploying, editRelup, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

let deploying: Deploying;
let installed: InstalledRelease;
let before: Record<string, string>;
let stages: string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
  stages = join(deploying.folder, 'stages');
});

afterAll(() => deploying.remove());

beforeEach(async () => {
  captureOutput();
  rmSync(stages, { force: true });
  installed = await InstalledRelease.install(deploying.built.oldTarball);
  await installed.start();
  before = installed.files();
  expect(await greeting()).toBe('"Helo, world!"');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

const greeting = () => installed.ask('helloworld helloworld');

/** A check that notes each of its runs, and then does as it is told. */
const check = (then: string) =>
  `echo "$RELUP_STAGE $RELUP_RUNNING $RELUP_VERSION $RELUP_ROOT" >> '${stages}'\n${then}`;
const checked = () => [...new Set(readFileSync(stages, 'utf8').trim().split('\n'))];

const steps = () => journalOf(installed.root).map(({ step }) => step);

describe('the health check', () => {
  it('comes before the release is made permanent', async () => {
    const health = { soak: 1, check: check("grep -q '0.1.0$' releases/start_erl.data") };
    const result = await deploying.deploy(installed, undefined, { health, cwd: installed.root });
    expect(result.nodeState).toBe('upgraded');
    expect(checked()).toEqual([`health 0.2.0 0.2.0 ${installed.root}`]);
    expect(readFileSync(stages, 'utf8').trim().split('\n').length).toBeGreaterThanOrEqual(3);
  });

  it('that fails has the node downgraded, with its state, and its files as they were', async () => {
    const health = { soak: 0, timeout: 3, check: check('[[ $RELUP_STAGE != health ]]') };
    const error = (await failureOf(deploying.deploy(installed, undefined, { health }))) as DeployError;
    expect(error.nodeState).toBe('downgraded');
    expect(error.message).toBe(
      '0.2.0 is not healthy: the `check` command failed with exit status 1. The node was downgraded and runs 0.1.0. Its files are as they were.',
    );
    expect(checked()).toEqual([
      `health 0.2.0 0.2.0 ${installed.root}`,
      `after-downgrade 0.1.0 0.2.0 ${installed.root}`,
    ]);
    expect(await greeting()).toBe('"Helo, world!"');
    expect(await installed.ask('helloworld calls')).toBe('2');
    expect(installed.files()).toEqual(before);
    expect(steps().slice(-4)).toEqual(['installed', 'downgrade', 'undo', 'end']);
    // What an earlier deploy left is right after a downgrade, too, whatever was done by hand meanwhile.
    const file = join(installed.root, 'deployed.json');
    writeFileSync(file, '{"name":"helloworld","version":"0.0.9"}\n');
    await failureOf(deploying.deploy(installed, undefined, { health }));
    expect(readFileSync(file, 'utf8')).toBe('{"name":"helloworld","version":"0.1.0"}\n');
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });

  it('that fails leaves the node with on-failure: leave, and the next run goes on', async () => {
    const health = { soak: 0, timeout: 2, check: 'false' };
    const options = { health, onFailure: 'leave' } as const;
    const error = (await failureOf(deploying.deploy(installed, undefined, options))) as DeployError;
    expect(error.nodeState).toBe('installed-not-permanent');
    expect(error.message).toContain('The node runs 0.2.0, but its next start boots the release before it.');
    expect(await greeting()).toBe('"Hello, world!"');
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
    expect(steps().slice(-4)).toEqual(['installed', 'make-permanent', 'start-script', 'end']);
  });
});

it('tells of processes that the installation restarted', async () => {
  const kill = '{apply,{supervisor,terminate_child,[helloworld_sup,helloworld]}}';
  const start = '{apply,{supervisor,restart_child,[helloworld_sup,helloworld]}}';
  const restarting = await deploying.pack(
    editRelup((relup) => relup.replace('point_of_no_return', `point_of_no_return,${kill},${start}`)),
  );
  const { record } = await deploying.deploy(installed, restarting);
  expect(record.findings).toMatchObject([{ id: 'processes-restarted' }]);
  expect(record.findings[0]?.message).toContain('helloworld / helloworld');
});

describe('a process that crashes while the release is installed', () => {
  const crashing = (module = 'proc_lib') =>
    deploying.pack(
      editRelup((relup) =>
        relup.replace(
          'point_of_no_return',
          `point_of_no_return,{apply,{${module},spawn,[erlang,error,[boom]]}}`,
        ),
      ),
    );

  it('has the node downgraded, and is named', async () => {
    const error = (await failureOf(deploying.deploy(installed, await crashing()))) as DeployError;
    expect(error.nodeState).toBe('downgraded');
    expect(error.message).toMatch(
      /^0\.2\.0 is not healthy: 1 process crashed: <[\d.]+>, begun by erlang:error\/1: boom.* The node was downgraded/,
    );
    expect(installed.files()).toEqual(before);
  });

  it('is named also when it was begun by spawn, and only the emulator tells of it', async () => {
    const error = (await failureOf(deploying.deploy(installed, await crashing('erlang')))) as DeployError;
    expect(error.message).toMatch(/^0\.2\.0 is not healthy: 1 process crashed: <[\d.]+>: boom/);
  });

  it('as others did before it is no news', async () => {
    const crash = 'proc_lib:spawn(erlang, error, [boom]), timer:sleep(20)';
    await installed.evaluate(`spawn(fun Again() -> ${crash}, Again() end)`);
    const { nodeState, record } = await deploying.deploy(installed, await crashing());
    expect(nodeState).toBe('upgraded');
    expect(record.findings).toEqual([]);
  });

  it('is a warning with on-crash: warn, and nothing stays on the node', async () => {
    const { record } = await deploying.deploy(installed, await crashing(), { onCrash: 'warn' });
    expect(record.findings).toMatchObject([{ id: 'processes-crashed' }]);
    expect(await installed.evaluate('maps:get(filters, logger:get_primary_config())')).not.toContain('relup');
    expect(
      await installed.evaluate('[whereis(relup_action_crashes), whereis(relup_action_tracer)]'),
    ).toContain('[undefined, undefined]');
  });
});

it('of a node that ends while its health is looked at says so soon, and tries nothing more', async () => {
  const health = { soak: 60, timeout: 120, check: 'kill -9 "$RELUP_PID"' };
  const error = (await failureOf(deploying.deploy(installed, undefined, { health }))) as DeployError;
  expect(error.nodeState).toBe('unknown');
  expect(error.message).toMatch(
    /^The node \(process id \d+\) ended within \d+ seconds? after the installation began/,
  );
  expect(error.message).not.toContain('epmd');
  expect(error.remedy).toContain('it boots 0.1.0');
});

describe('a release that does not run as it should', () => {
  it('is downgraded, too', async () => {
    const bad = await deploying.pack(
      editRelup((relup) => relup.replace(/\[\{"0\.1\.0",\[\],\n.*?\}\]\}\],/s, '[{"0.1.0",[],[]}],')),
    );
    const error = (await failureOf(deploying.deploy(installed, bad))) as DeployError;
    expect(error.nodeState).toBe('downgraded');
    expect(error.message).toContain("modules that are not the package's: helloworld");
    expect(await greeting()).toBe('"Helo, world!"');
    expect(installed.files()).toEqual(before);
  });

  it('and cannot go back reboots into the old release', async () => {
    const bad = await deploying.pack(
      editRelup((relup) => {
        const down = relup.lastIndexOf('point_of_no_return');
        return `${relup.slice(0, down)}point_of_no_return,{apply,{erlang,error,[boom]}}${relup.slice(down + 18)}`;
      }),
    );
    const health = { timeout: 1, soak: 0, check: 'false' };
    const error = (await failureOf(deploying.deploy(installed, bad, { health }))) as DeployError;
    expect(error.nodeState).toBe('rebooted-into-old');
    expect(error.message).toContain('Going back to 0.1.0 failed: the node rebooted into 0.1.0.');
    expect(await greeting()).toBe('"Helo, world!"');
    expect(installed.files()).toEqual(before);
  });
});

describe('a deploy that was killed while it went back', () => {
  it.each(['downgrade', 'undo'])('at the step %s goes all the way when it is run again', async (step) => {
    const program = await DeployProgram.make(deploying.folder);
    const health = { soak: 0, timeout: 1, check: '[[ $RELUP_STAGE != health ]]' };
    const killed = program.start(installed.root, deploying.good, { health });
    await killed.signalAt(installed.root, step, 'SIGKILL');
    const error = (await failureOf(deploying.deploy(installed))) as DeployError;
    expect(error.message).toContain('0.2.0 is not healthy: the `check` command failed with exit status 1.');
    expect(error.nodeState).toBe('downgraded');
    expect(await greeting()).toBe('"Helo, world!"');
    expect(installed.files()).toEqual(before);
    expect((await deploying.deploy(installed)).nodeState).toBe('upgraded');
  });
});
