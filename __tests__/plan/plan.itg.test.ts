import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planUpgrade, type NotePlan, type UpgradeOptions } from '../../src/plan/plan.js';
import type { Finding } from '../../src/model/finding.js';
import type { Correction } from '../../src/model/correction.js';
import { compareReleases } from '../../src/model/release-difference.js';
import { Workspace } from '../../src/shared/workspace.js';
import { temporaryFolder } from '../support/repository.js';
import { smallReleases } from '../support/small-releases.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const source = (value: string): string => `-export([value/0]).\nvalue() -> ${value}.`;

type Modules = Readonly<Record<string, string>>;

async function planned(
  name: string,
  files: Readonly<Record<string, string>> = {},
  [old, now]: readonly [Modules, Modules] = [{ a: source('1') }, { a: source('2') }],
) {
  const folder = join(dir, name);
  const { 1: upFrom, 2: release } = await smallReleases(erlang, folder, {
    '1': { a: { vsn: '1', modules: old } },
    '2': { a: { vsn: '2', modules: now } },
  });
  if (upFrom === undefined || release === undefined) throw new Error('no releases');
  const projectDir = join(folder, 'project');
  mkdirSync(join(projectDir, 'src'), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(projectDir, file), text);
  const options: UpgradeOptions = {
    erlang,
    workspace: await Workspace.open(join(folder, 'temp')),
    release,
    assembly: {
      projectDir,
      root: join(projectDir, '_build/prod/rel/small'),
      buildDir: join(projectDir, '_build/prod'),
    },
    upFrom: [upFrom],
    profile: 'prod',
    projectPath: '',
    allowRestart: false,
    appups: 'generate',
    purge: 'brutal',
  };
  const appup = join(release.root, 'lib/a-2/ebin/a.appup');
  return { options, appup };
}

/** The plan, and what it told on the way. */
async function plan(options: UpgradeOptions) {
  const findings: Finding[] = [];
  const upgrade = await planUpgrade(options, (part) => void findings.push(...(part.findings ?? [])));
  return { ...upgrade, findings };
}

test('a plan that is made again with corrections replaces appup and relup, and tells nothing twice', async () => {
  const stale = { 'src/a.app.src': '', 'src/a.appup.src': '{"1", [], []}.' };
  const { options, appup } = await planned('corrections', stale);
  const { findings } = await plan(options);
  const first = readFileSync(appup, 'utf8');
  expect(findings.map(({ id, location }) => [id, location?.file])).toEqual([
    ['appup-not-used', 'src/a.appup.src'],
  ]);
  const instruction = '{apply,{supervisor,restart_child,[s,w]}}';
  const correction: Correction = {
    application: 'a',
    upFrom: '1',
    direction: 'up',
    position: 'last',
    instruction,
  };
  const upgrade = await plan({ ...options, corrections: [correction] });
  expect(upgrade.relup?.up[0]?.instructions.at(-1)).toBe(instruction);
  expect(readFileSync(upgrade.relup?.file as string, 'utf8')).toContain('restart_child');
  expect(readFileSync(appup, 'utf8')).toContain(instruction);
  expect(upgrade.findings).toEqual(findings);
  const again = await plan(options);
  expect(readFileSync(appup, 'utf8')).toBe(first);
  expect(again.relup?.up[0]?.instructions).not.toContain(instruction);
});

test('a stale appup of a person is used by nobody and left as it is (H23, H31)', async () => {
  const text = '{"2", [{"0", []}], [{"0", []}]}.';
  const { options, appup } = await planned('stale', {
    'src/a.app.src': '',
    'src/a.appup.src': text,
  });
  const upgrade = await plan(options);
  expect(upgrade.appups).toMatchObject([{ application: 'a', origin: 'generated', file: 'src/a.appup.src' }]);
  expect(upgrade.findings[0]?.message).toBe(
    'src/a.appup.src is not used, because it lacks an entry to upgrade from 1 and an entry to downgrade to 1; an appup for a 1 → 2 was generated.',
  );
  expect(readFileSync(join(options.assembly.projectDir, 'src/a.appup.src'), 'utf8')).toBe(text);
  expect(readFileSync(appup, 'utf8')).toContain('{load_module,a}');
});

test.each([
  ['restart', {}, '{restart_application,a}'],
  ['generate', { appups: 'require' }, '{load_module,a}'],
] as const)(
  'relup.config: %s wins over what a person wrote and over the input',
  async (strategy, more, expected) => {
    const own = '{"2", [{"1", [{update, a}]}], [{"1", [{update, a}]}]}.';
    const files = {
      'relup.config': `{a, [{strategy, ${strategy}}]}.\n`,
      'src/a.app.src': '',
      'src/a.appup.src': own,
    };
    const { options } = await planned(`strategy-${strategy}`, files);
    const upgrade = await plan({ ...options, ...more });
    expect(upgrade.appups[0]?.up[0]?.instructions).toEqual([expected]);
    expect(upgrade.findings[0]?.message).toContain(
      'src/a.appup.src is not used, because relup.config says otherwise;',
    );
    expect(upgrade.relup?.up[0]?.loads).toEqual(['a']);
  },
);

test.each([
  ['require', 'No valid appup for a 1 → 2 (no appup found).'],
  ['refuse', 'relup.config refuses hot upgrades of a 1 → 2.'],
])('relup.config: %s', async (strategy, message) => {
  const { options, appup } = await planned(`strategy-${strategy}`, {
    'relup.config': `{a, [{strategy, ${strategy}}]}.\n`,
  });
  await expect(plan(options)).rejects.toThrow(message);
  expect(existsSync(appup)).toBe(false);
});

const SERVER =
  '-behaviour(gen_server).\n-export([init/1, handle_call/3, handle_cast/2]).\ninit(_) -> {ok, a_mid:next(1)}.\nhandle_call(_, _, S) -> {reply, S, S}.\nhandle_cast(_, S) -> {noreply, S}.';
const chain = (call: string, next: string): Modules => ({
  a_server: SERVER,
  a_mid: `-export([next/1]).\nnext(N) -> a_util:${call}.`,
  a_util: `-export([next/${next.split(',').length}]).\nnext(${next}) -> N.`,
});

test.each([
  ['forgotten', '{load_module, a_util}, {load_module, a_mid}', ['function-gone', 'function-gone']],
  [
    'thought of',
    '{suspend, [a_server]}, {load_module, a_util}, {load_module, a_mid}, {resume, [a_server]}',
    [],
  ],
])(
  'processes that get to a function that is gone, %s in a hand-written appup (H131)',
  async (name, list, ids) => {
    const files = {
      'src/a.app.src': '',
      'src/a.appup.src': `{"2", [{"1", [${list}]}], [{"1", [${list}]}]}.`,
    };
    const modules = [chain('next(N)', 'N'), chain('next(N, 1)', 'N, _')] as const;
    const { options } = await planned(`exposed-${name.replace(' ', '-')}`, files, modules);
    const upgrade = await plan(options);
    expect(upgrade.findings.map(({ id }) => id)).toEqual(ids);
    for (const { severity, message } of upgrade.findings) {
      expect(severity).toBe('warning');
      expect(message).toMatch(
        /calls of a_util:next\/[12] fail, and processes of a_server may get to one and die/,
      );
    }
    // nobody wrote an appup
    const generated = await planned(`exposed-generated-${name.replace(' ', '-')}`, {}, modules);
    const { findings } = await plan(generated.options);
    expect(findings.map(({ id, severity }) => [id, severity])).toEqual([['function-gone', 'notice']]);
  },
);

test('native code that changed is refused, unless relup.config allows it (H34)', async () => {
  const withLibrary = async (name: string, files: Readonly<Record<string, string>>) => {
    const { options } = await planned(name, files);
    const priv = join(options.release.root, 'lib/a-2/priv');
    mkdirSync(priv);
    writeFileSync(join(priv, 'a_nif.so'), 'machine code');
    return options;
  };
  const refused = await withLibrary('native', {});
  const told: Finding[] = [];
  const note: NotePlan = ({ findings = [] }) => void told.push(...findings);
  await expect(planUpgrade(refused, note)).rejects.toThrow(
    'The upgrade would go wrong on a node: one finding stops it (native-code-changed).',
  );
  expect(told).toMatchObject([
    {
      id: 'native-code-changed',
      severity: 'error',
      message: expect.stringContaining(
        'Native code of a differs between 1 and 2 (files: priv/a_nif.so)',
      ) as string,
    },
  ]);
  const allowed = await withLibrary('native-allowed', { 'relup.config': '{a, [{native, allow}]}.\n' });
  const upgrade = await plan(allowed);
  expect(upgrade.upgradeKind).toBe('hot');
  expect(upgrade.findings).toMatchObject([{ id: 'native-code-changed', severity: 'warning' }]);
});

test('one commit built in two folders with other options and debug information has no change (H18)', async () => {
  const vsn = '1';
  const modules = {
    a: '-export([f/1]).\nf(X) -> g(X) + ?LINE.\ng(X) -> X.',
    b: '-behaviour(gen_event).\n-export([init/1, handle_event/2, handle_call/2]).\ninit(S) -> {ok, S}.\nhandle_event(_, S) -> {ok, S}.\nhandle_call(_, S) -> {ok, S, S}.',
  };
  const { one, other } = await smallReleases(erlang, join(dir, 'twice'), {
    one: { a: { vsn, modules, options: 'debug_info' } },
    other: { a: { vsn, modules, options: 'no_debug_info, deterministic, {i, "/nowhere"}' } },
  });
  if (one === undefined || other === undefined) throw new Error('no releases');
  const difference = compareReleases(one, other);
  expect(Object.keys(other.applications.find(({ name }) => name === 'a')?.modules ?? {})).toEqual(['a', 'b']);
  expect([difference.changed, difference.added, difference.removed, difference.unbumped]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});
