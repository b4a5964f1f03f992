import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Row } from '../../src/actions/rolling/rows.js';
import { BuiltPackages } from '../support/built-packages.js';
import { helloworldRepository, projectRoot, type TestRepository } from '../support/repository.js';
import { InstalledRelease } from '../support/running-release.js';
import { SshServer } from '../support/ssh-server.js';
import { tagPush } from '../support/workflows/events.js';
import { expectEnd } from '../support/workflows/expectations.js';
import { WorkflowRunner, type WorkflowRun } from '../support/workflows/runner.js';

let repository: TestRepository;
let runner: WorkflowRunner;
let packages: BuiltPackages;
let server: SshServer;
let nodes: readonly InstalledRelease[];

beforeAll(async () => {
  repository = helloworldRepository();
  runner = await WorkflowRunner.start();
  packages = await BuiltPackages.make(runner.services.newJobEnv(), true);
  server = await SshServer.start();
});
beforeEach(async () => {
  const versions = ['0.1.0', '0.1.0', '0.1.1'];
  nodes = await Promise.all(versions.map((version) => InstalledRelease.install(packages.tarball(version))));
  for (const node of nodes) await node.start();
});
afterEach(() => Promise.all(nodes.map((node) => node.remove())));
afterAll(async () => {
  server.stop();
  await runner.close();
  packages.remove();
  repository.remove();
});

/** Two nodes with runners, and one of another version that is reached over ssh; all three on this machine. */
function names(): string[] {
  const [one, two] = nodes.map(({ root }) => root);
  return [`web1:${one}`, `web2:${two}`, overSsh(2)];
}

function overSsh(index: number): string {
  return `ssh://${server.address('root')}${nodes[index]?.root}`;
}

function rollOut({
  sick = 'none',
  onFailure = 'downgrade-all',
}: { sick?: string; onFailure?: string } = {}): Promise<WorkflowRun> {
  return runner.run('rolling.yml', {
    repository,
    event: tagPush(repository, '0.2.0'),
    replace: {
      NODES: names().join('", "'),
      KNOWN_HOSTS: `"${server.knownHosts}"`,
      ON_FAILURE: onFailure,
      SICK: sick,
    },
    secrets: { SSH_KEY: server.key },
  });
}

function rowsOf(run: WorkflowRun): string[] {
  const rows = JSON.parse(run.step('table', 'table').outputs.nodes ?? '[]') as Row[];
  return rows.map(({ before, after, state }) => `${before} → ${after}, ${state}`);
}

/** What each node answers. */
function answers(): Promise<string[]> {
  return Promise.all(nodes.map((node) => node.ask('helloworld helloworld')));
}

const [OLD, NEW] = ['"Helo, world!"', '"Hello, world!"'];

test('three nodes of two versions, one of them over ssh, are upgraded one after the other', async () => {
  const run = await rollOut();
  await expectEnd(run, 0);
  expect(rowsOf(run)).toEqual([
    '0.1.0 → 0.2.0, upgraded',
    '0.1.0 → 0.2.0, upgraded',
    '0.1.1 → 0.2.0, upgraded',
  ]);
  expect(await answers()).toEqual([NEW, NEW, NEW]);
  const { summary } = run.step('table', 'table');
  expect(summary).toContain('All 3 nodes run 0.2.0.');
  expect(summary).toMatch(/\| node \| before \| after \| state \|/);
  const order = nodes.map(({ root }) => run.output.indexOf(`checked: ${root}`));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(run.output).not.toContain(server.key.split('\n')[1]);
});

test('examples/workflows/rolling-deploy.yml builds the release, and rolls it out', async () => {
  const other = await WorkflowRunner.start();
  try {
    const path = join(projectRoot, 'examples/workflows/rolling-deploy.yml');
    const text = readFileSync(path, 'utf8');
    const [written] = /\["web1".*\]/.exec(text) ?? [''];
    const [key] = /10\.0\.0\.7 ssh-ed25519 \S+/.exec(text) ?? [''];
    const run = await other.run(path, {
      repository,
      event: tagPush(repository, '0.2.0'),
      replace: {
        // the third is of no version that this release is upgraded from
        [written]: JSON.stringify([names()[0], overSsh(1)]),
        [key]: `"${server.knownHosts}"`,
        ...{ 'soak: 30s': 'soak: 1s' },
      },
      secrets: { DEPLOY_KEY: server.key },
    });
    await expectEnd(run, 0);
    expect(rowsOf(run)).toEqual(Array(2).fill('0.1.0 → 0.2.0, upgraded'));
    expect(await answers()).toEqual([NEW, NEW, OLD]);
  } finally {
    await other.close();
  }
});

test('at the second node it stops, and what was upgraded goes back', async () => {
  const run = await rollOut({ sick: nodes[1]?.root as string });
  await expectEnd(run, 1);
  expect(rowsOf(run)).toEqual([
    '0.1.0 → 0.1.0, downgraded',
    '0.1.0 → 0.1.0, downgraded',
    '0.1.1 → 0.1.1, not begun',
  ]);
  expect(await answers()).toEqual([OLD, OLD, OLD]);
});

test('with on-failure: leave it stops, and what was upgraded stays', async () => {
  const run = await rollOut({ sick: nodes[1]?.root as string, onFailure: 'leave' });
  await expectEnd(run, 1);
  expect(rowsOf(run)).toEqual([
    '0.1.0 → 0.2.0, upgraded',
    '0.1.0 → 0.1.0, downgraded',
    '0.1.1 → 0.1.1, not begun',
  ]);
  expect(await answers()).toEqual([NEW, OLD, OLD]);
  expect(run.step('table', 'table').summary).toContain('not begun: ssh');
});

test('when one cannot be upgraded, nothing is changed anywhere', async () => {
  const before = nodes.map((node) => node.files());
  const last = nodes[2] as InstalledRelease;
  await last.evaluate('application:stop(sasl)');
  const run = await rollOut();
  await expectEnd(run, 1);
  expect(rowsOf(run)).toEqual([
    '0.1.0 → 0.1.0, not begun',
    '0.1.0 → 0.1.0, not begun',
    expect.stringMatching(/not begun$/),
  ]);
  expect(nodes.map((node) => node.files())).toEqual(before);
  expect(await answers()).toEqual([OLD, OLD, OLD]);
  expect(run.step('table', 'table').errors.join('\n')).toMatch(/ssh:.* cannot be upgraded/);
});
