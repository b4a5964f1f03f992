// What only looks well: a deploy's word must be worth more than the answer of release_handler.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isAlive } from '../support/processes.js';
import { temporaryFolder } from '../support/repository.js';
import { Bench } from './support/bench.js';
import { reached, stateOf } from './support/interruption.js';
import { withNode } from './support/serving-node.js';

let bench: Bench;
const folder = temporaryFolder();

beforeAll(async () => {
  bench = await Bench.prepare('Services in trouble, and what a deploy is told of them');
});

afterAll(() => {
  bench.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.concurrent('a process that crashes under the new code', () => {
  /** As soon as the new release is installed, and put right by its supervisor at once. */
  const crash = `spawn(fun() ->
    Wait = fun Wait() ->
      case [V || {_, V, _, current} <- release_handler:which_releases()] of ["1.1.0"] -> ok; _ -> timer:sleep(20), Wait() end
    end,
    Wait(),
    [{_, Acceptor, _, _} | _] = supervisor:which_children(webcounter_acceptor_sup),
    exit(Acceptor, of_the_test)
  end)`;

  it.each([
    ['fail', 'downgraded'],
    ['warn', 'upgraded'],
  ] as const)('with on-crash: %s means %s', (onCrash, expected) =>
    withNode(async (node) => {
      await node.stopVisits();
      await node.installed.evaluate(crash);
      const { state, output } = await bench.deploy(node, undefined, {
        onCrash,
        health: { soak: 3, timeout: 30 },
      });
      expect(state, output).toBe(expected);
      if (onCrash === 'fail')
        expect(output).toMatch(/1\.1\.0 is not healthy: 1 process crashed: .*of_the_test/);
      await bench.verdict.holds(node, state);
      bench.tally.add(`a process crashes, on-crash: ${onCrash}`, state);
    }),
  );
});

describe.concurrent('what a node is checked with', () => {
  it('is judged when its shell ends, whatever that left in the background', () =>
    withNode(async (node) => {
      const pids = join(folder, 'pids');
      const check = `sleep 400 & echo $! >> ${pids}`;
      const begun = performance.now();
      const { state, output } = await bench.deploy(node, undefined, {
        health: { check, soak: 1, timeout: 60 },
      });
      expect(state, output).toBe('upgraded');
      expect(performance.now() - begun).toBeLessThan(200_000);
      const left = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
      expect(left.length).toBeGreaterThanOrEqual(3);
      await vi.waitFor(() => expect(left.filter(isAlive)).toEqual([]), 20_000);
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add('a check leaves processes in the background', 'upgraded');
    }));

  it('is asked in time, also when a third of health-timeout is no whole number of milliseconds', () =>
    withNode(async (node) => {
      const server = createServer((_, response) => void response.end());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const checkUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
      try {
        const { state, output } = await bench.deploy(node, undefined, {
          health: { checkUrl, soak: 0, timeout: 20 },
        });
        expect(state, output).toBe('upgraded');
        await bench.served(node);
        await bench.verdict.holds(node, 'upgraded');
      } finally {
        server.closeAllConnections();
        server.close();
      }
      bench.tally.add('check-url, health-timeout: 20s', 'upgraded');
    }));
});

describe.concurrent('the clock of the machine', () => {
  it.each([1, -1])('that is set by %i hour meanwhile changes nothing', (hours) =>
    withNode(async (node) => {
      const end = await bench.start(node, undefined, { health: { soak: 4, timeout: 60 } }, hours).ended;
      expect(stateOf(end), end.output).toBe('upgraded');
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add(`the clock is set by ${hours} h`, 'upgraded');
    }),
  );
});

describe.concurrent('what lies where a deploy looks', () => {
  it.each([
    [
      'journal.jsonl',
      'a journal of garbage',
      (file: string) => writeFileSync(file, 'no journal\n'),
      /journal .* is damaged/,
    ],
    ['lock', 'a lock that is a folder', (file: string) => mkdirSync(file), /lock .* is not a lock file/],
  ] as const)('as %s: %s is told in a sentence', (name, fault, make, words) =>
    withNode(async (node) => {
      const records = join(node.root, '.relup-action');
      mkdirSync(records, { mode: 0o700 });
      make(join(records, name));
      const { state, output } = await bench.deploy(node);
      expect(state, output).toBe('none');
      expect(output).toMatch(words);
      expect(node.installed.files()).toEqual(node.before);
      rmSync(join(records, name), { recursive: true });
      bench.tally.add(fault, ['refused', ...(await bench.finish(node))].join(', then '));
    }),
  );

  it('as the package: another one than was checked is never installed', () =>
    withNode(async (node) => {
      const good = await bench.packages.good();
      const other = await bench.packages.changed('releases/1.1.0/sys.config', (text) => `%% forged\n${text}`);
      const path = join(folder, 'exchanged.tar.gz');
      copyFileSync(good.upgradePackage.path, path);
      const deploy = bench.start(node, { ...good, upgradePackage: { ...good.upgradePackage, path } });
      await reached(deploy, node.root, 'begin');
      copyFileSync(other.upgradePackage.path, path);
      const end = await deploy.ended;
      const state = stateOf(end);
      // it was too late when the copy had been made
      expect(['untouched', 'upgraded'], end.output).toContain(state);
      if (state === 'untouched')
        expect(end.output).toMatch(/was changed while the deploy was at work|damaged|SHA-256/);
      await bench.verdict.holds(node, state);
      bench.tally.add('the package is exchanged', [state, ...(await bench.finish(node))].join(', then '));
    }));
});
