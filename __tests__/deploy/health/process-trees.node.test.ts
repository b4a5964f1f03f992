import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { controlNode } from '../../../src/node/control.js';
import { oldCodeText, readOldCode } from '../../../src/deploy/health/old-code.js';
import { readProcessTrees, restartedChildren } from '../../../src/deploy/health/process-trees.js';
import type { NodeContext } from '../../../src/node/node-context.js';
import { buildHelloworld, type Helloworld } from '../../support/helloworld-package.js';
import { temporaryFolder } from '../../support/repository.js';
import { InstalledRelease } from '../../support/running-release.js';
import { sharedErlang } from '../../support/shared-erlang.js';

vi.mock('@actions/core');

let folder: string;
let built: Helloworld;
let installed: InstalledRelease;
let context: NodeContext;

beforeAll(async () => {
  folder = temporaryFolder();
  built = await buildHelloworld();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(built.folder, { recursive: true, force: true });
});

beforeEach(async () => {
  installed = await InstalledRelease.install(built.oldTarball);
  const node = await installed.start();
  const erlang = await sharedErlang(folder);
  const control = controlNode({ erlang, node, privateFolder: join(folder, 'private') });
  context = { control, privateFolder: folder, stepSeconds: 60 } as unknown as NodeContext;
});

afterEach(async () => {
  context.control.close();
  await installed.remove();
});

describe('the supervision trees of a node', () => {
  it('tell what was restarted', async () => {
    const before = await readProcessTrees(context.control);
    expect(before.stuck).toEqual([]);
    expect(Object.keys(before.children)).toContain('helloworld / helloworld');
    expect(Object.keys(before.children)).toContain('kernel / kernel_safe_sup');
    expect(before.children['helloworld / helloworld']).toMatch(/^<0\.\d+\.0>$/);
    expect(restartedChildren(before, await readProcessTrees(context.control))).toEqual([]);
    await installed.evaluate('exit(whereis(helloworld), kill)');
    await vi.waitFor(async () =>
      expect(await installed.ask('erlang whereis [helloworld]')).not.toBe('undefined'),
    );
    expect(restartedChildren(before, await readProcessTrees(context.control))).toEqual([
      'helloworld / helloworld',
    ]);
  });

  it('tell of a supervisor that is suspended', async () => {
    await installed.ask('sys suspend [helloworld_sup]');
    const { stuck } = await readProcessTrees(context.control);
    expect(stuck).toEqual([{ application: 'helloworld', process: 'helloworld', what: 'suspended' }]);
  });

  it('tell of a supervisor that does not answer, and wait for it no longer than that takes', async () => {
    const hang = 'sys:replace_state(helloworld_sup, fun(State) -> timer:sleep(60000), State end)';
    await installed.evaluate(`spawn(fun() -> ${hang} end)`);
    await vi.waitFor(async () => {
      const { stuck } = await readProcessTrees(context.control);
      expect(stuck).toEqual([{ application: 'helloworld', process: 'helloworld', what: 'silent' }]);
    }, 60_000);
  });
});

describe('a child whose modules are dynamic', () => {
  const START: Record<string, string> = {
    gen_event: '{gen_event, start_link, [{local, dyn}]}',
    gen_statem: '{gen_server, start_link, [{local, dyn}, helloworld, [], []]}',
  };

  it.each([
    ['a gen_event is asked for them', 'gen_event', []],
    [
      'another one is told, and gets no message that it does not know',
      'gen_statem',
      [{ application: 'helloworld', process: 'helloworld / dyn', what: 'no_modules' }],
    ],
  ])('%s', async (_, kind, expected) => {
    const spec = `#{id => dyn, start => ${START[kind] ?? ''}, modules => dynamic}`;
    await installed.evaluate(`{ok, _} = supervisor:start_child(helloworld_sup, ${spec})`);
    const { stuck } = await readProcessTrees(context.control);
    expect(stuck).toEqual(expected);
    expect(await installed.ask('erlang whereis [dyn]')).not.toBe('undefined');
  });
});

describe('old code', () => {
  beforeEach(async () => {
    const source = join(folder, 'lingering/lingering.erl');
    mkdirSync(join(folder, 'lingering'), { recursive: true });
    const loop = 'wait() -> receive stop -> ok end.';
    const start = 'start() -> spawn(fun() -> register(lingerer, self()), wait() end).';
    writeFileSync(source, `-module(lingering).\n-export([start/0]).\n${start}\n${loop}\n`);
    execFileSync('erlc', ['-o', join(folder, 'lingering'), source]);
    const load = 'code:load_file(lingering)';
    const begun = `code:add_pathz("${join(folder, 'lingering')}"), ${load}, lingering:start(), ${load}`;
    expect(await installed.evaluate(begun)).toBe('{ok, {module, lingering}}');
  });

  it('is told with the processes that use it', async () => {
    const found = await readOldCode(context, ['helloworld', 'lingering']);
    expect(found).toMatchObject([{ module: 'lingering', count: 1 }]);
    expect(oldCodeText(found)).toMatch(
      /^1 process: lingering \(<0\.\d+\.0> lingerer in lingering:wait\/0\)$/,
    );
  });

  it('is no longer told when they have left it', async () => {
    await installed.evaluate('lingerer ! stop');
    const left = async (): Promise<void> => expect(await readOldCode(context, ['lingering'])).toEqual([]);
    await vi.waitFor(left, { timeout: 60_000 });
  });
});
