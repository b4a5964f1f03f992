import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { ProcessOptions } from '../support/deploy-process.js';
import { freePort } from '../support/free-port.js';
import { hang } from '../support/processes.js';
import { Bench } from './support/bench.js';
import { reached, stateOf } from './support/interruption.js';
import { sample } from './support/options.js';
import { withNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Nodes in trouble');
});

afterAll(() => bench.close());

/** Gives up soon. */
const IMPATIENT: ProcessOptions = { watchSeconds: 4, health: { soak: 0, timeout: 6 } };

describe.concurrent('a node that is killed while the deploy is at work', () => {
  it.each(sample(['unpack', 'install', 'installed', 'make-permanent', 'start-script'], 2))(
    'at the step %s is upgraded by running it again',
    (step) =>
      withNode(async (node) => {
        const deploy = bench.start(node, undefined, IMPATIENT);
        await reached(deploy, node.root, step);
        const { pid } = node;
        await node.kill();
        const end = await deploy.ended;
        const state = stateOf(end);
        // nobody can tell more of a node that is gone; what was undone, or had been done before, is told as it is
        expect(['unknown', 'upgraded'], end.output).toContain(state);
        if (state === 'unknown') {
          expect(end.output).toMatch(
            new RegExp(`The node \\(process id ${pid}\\) ended.*, and nobody started another one`),
          );
          expect(end.output).toMatch(/it boots 1\.[01]\.0\. Run this step again/);
          expect(end.output).not.toContain('epmd knows');
        }
        await node.boot();
        const states = await bench.finish(node);
        bench.tally.add(`node killed at ${step}`, [state, ...states].join(', then '));
      }),
  );
});

describe.concurrent('a node that is restarted before the new release is permanent', () => {
  it('after a deploy that was killed boots the old release, and is upgraded by running it again', () =>
    withNode(async (node) => {
      const deploy = bench.start(node);
      await reached(deploy, node.root, 'installed');
      deploy.signal('SIGKILL');
      await deploy.ended;
      await node.restart();
      expect(await node.code()).toEqual(await bench.verdict.expectedCode('1.0.0'));
      bench.tally.add('restarted after a killed deploy', (await bench.finish(node)).join(', then '));
    }));

  it('while its health is looked at is said to have rebooted, not to have been downgraded', () =>
    withNode(async (node) => {
      const deploy = bench.start(node, undefined, { health: { soak: 8, timeout: 12 } });
      await reached(deploy, node.root, 'installed');
      await node.kill();
      await node.boot();
      const { output } = await deploy.ended;
      expect(output).toMatch(/^ended: rebooted-into-old/m);
      await bench.verdict.holds(node, 'rebooted-into-old');
      bench.tally.add(
        'restarted during the health check',
        ['rebooted-into-old', ...(await bench.finish(node))].join(', then '),
      );
    }));
});

describe.concurrent('a node that does not answer', () => {
  it('is left as it is, and upgraded when it answers again', () =>
    withNode(async (node) => {
      await hang(node.pid);
      try {
        const { state, output } = await bench.deploy(node, undefined, IMPATIENT);
        expect(state, output).toBe('none');
        expect(node.installed.files()).toEqual(node.before);
      } finally {
        process.kill(node.pid, 'SIGCONT');
      }
      // it kept its clients waiting, but that was not the deploy's doing
      await node.stopVisits();
      await node.visit();
      bench.tally.add('hung before the deploy', ['refused', ...(await bench.finish(node))].join(', then '));
    }));

  it.each(sample(['unpack', 'install', 'installed'], 1))(
    'for three seconds from the step %s on is waited for',
    (step) =>
      withNode(async (node) => {
        const deploy = bench.start(node);
        await reached(deploy, node.root, step);
        process.kill(node.pid, 'SIGSTOP');
        await setTimeout(3000);
        process.kill(node.pid, 'SIGCONT');
        const end = await deploy.ended;
        expect(stateOf(end), end.output).toBe('upgraded');
        await bench.served(node);
        await bench.verdict.holds(node, 'upgraded');
        bench.tally.add(`hung for 3 s at ${step}`, 'upgraded');
      }),
  );

  it('to one of its clients for three seconds, because a process is busy, loses no request', () =>
    withNode(async (node) => {
      await node.installed.evaluate(
        'spawn(fun() -> sys:replace_state(webcounter_counter, fun(State) -> timer:sleep(3000), State end) end)',
      );
      const { state, output } = await bench.deploy(node);
      expect(state, output).toBe('upgraded');
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add('a process is busy for 3 s', 'upgraded');
    }));
});

describe.concurrent('a process that the upgrade converts and that does not answer', () => {
  const COUNTER = 'whereis(webcounter_counter)';

  it('is named before anything is changed, and the upgrade goes on when it answers', () =>
    withNode(async (node) => {
      await node.stopVisits();
      await node.installed.evaluate(
        `register(test_holder, spawn(fun() -> erlang:suspend_process(${COUNTER}), timer:sleep(120000) end))`,
      );
      const { state, output } = await bench.deploy(node);
      expect(state, output).toBe('none');
      expect(output).toMatch(
        /converts the state of the process <[\d.]+> webcounter_counter .*does not answer/,
      );
      expect(node.installed.files()).toEqual(node.before);
      await node.installed.evaluate('exit(whereis(test_holder), kill)');
      await node.visit();
      bench.tally.add('a process hangs before', ['refused', ...(await bench.finish(node))].join(', then '));
    }));

  // Suspended, or busy, before release_handler suspends the first process.
  it.each([
    ['hangs', 'erlang:suspend_process(Counter), timer:sleep(40000)', /has the state that it had/],
    [
      'is busy',
      'sys:replace_state(Counter, fun(State) -> timer:sleep(25000), State end, 30000)',
      /has the state that it had|its state is lost/,
    ],
  ])(
    'that %s from the installation on: the node goes back, and its state is one of the old code',
    (name, work, words) =>
      withNode(async (node) => {
        const total = async () => Number(await node.installed.ask('webcounter_counter total'));
        await vi.waitFor(async () => expect(await total()).toBeGreaterThan(0), 20_000);
        await node.stopVisits();
        const before = await total();
        // begins as soon as the installation does, which pauses then
        await node.installed.evaluate(`spawn(fun() ->
        Counter = ${COUNTER},
        Wait = fun Wait() ->
          case application:get_key(webcounter, vsn) of {ok, "1.1.0"} -> ok; _ -> timer:sleep(1), Wait() end
        end,
        Wait(), ${work}
      end)`);
        const input = await bench.packages.pausing();
        const { state, output } = await bench.deploy(node, input, { watchSeconds: 60 });
        expect(state, output).toBe('downgraded');
        expect(output).toMatch(
          /webcounter_counter .*was left out, so it has its old state under the code of 1\.1\.0/,
        );
        expect(output).toMatch(words);
        await bench.verdict.holds(node, 'downgraded');
        // the state is one that 1.0.0 knows: it answers, with what it had or from the beginning
        const least = output.includes('had.') ? before : 0;
        await vi.waitFor(async () => expect(await total()).toBeGreaterThanOrEqual(least), 60_000);
        await node.visit();
        await setTimeout(5000);
        await bench.served(node);
        bench.tally.add(`a process ${name} from the installation on`, state);
      }),
  );
});

describe('a node whose epmd is gone', () => {
  it('is left as it is, and upgraded when epmd is there again', async () => {
    const port = String(await freePort());
    const epmd = () => spawn('epmd', ['-port', port, '-address', '127.0.0.1'], { stdio: 'ignore' });
    let running = epmd();
    try {
      await withNode(
        async (node) => {
          running.kill('SIGKILL');
          await once(running, 'exit');
          const { state, output } = await bench.deploy(node);
          expect(state, output).toBe('none');
          expect(output).toContain('epmd');
          expect(node.installed.files()).toEqual(node.before);
          running = epmd();
          // the node registers again by itself
          await expect.poll(() => node.answeringPid().catch(() => 0), { timeout: 60_000 }).toBe(node.pid);
          bench.tally.add(
            'epmd gone before the deploy',
            ['refused', ...(await bench.finish(node))].join(', then '),
          );
        },
        { environment: { ERL_EPMD_PORT: port } },
      );
    } finally {
      running.kill('SIGKILL');
    }
  });
});
