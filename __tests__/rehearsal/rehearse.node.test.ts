import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rehearse } from '../../src/rehearsal/rehearse.js';
import type { Rehearsal, Stage } from '../../src/model/rehearsal.js';
import type { RehearsalOptions } from '../../src/rehearsal/rehearsal-options.js';
import type { Erlang } from '../../src/programs/erlang.js';
import {
  buildPlainUpgrade,
  counter,
  supervised,
  type PlainApplication,
  type PlainUpgrade,
} from '../support/plain-release.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: Erlang;
const built: PlainUpgrade[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
});

afterAll(() => {
  for (const one of built) rmSync(one.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

const one: PlainApplication = {
  version: '1',
  modules: { ...supervised('shop', ['shop_counter']), ...counter('shop_counter', '1') },
};
const two: PlainApplication = {
  version: '2',
  modules: { ...supervised('shop', ['shop_counter']), ...counter('shop_counter', '2') },
  appup:
    '{"2", [{"1", [{update, shop_counter, {advanced, []}}]}], [{"1", [{update, shop_counter, {advanced, []}}]}]}.',
};

async function build(
  old: PlainApplication,
  next: PlainApplication,
  change?: (tree: string) => void,
): Promise<PlainUpgrade> {
  const upgrade = await buildPlainUpgrade(
    erlang,
    { version: '1.0.0', applications: { shop: old } },
    { version: '2.0.0', applications: { shop: next } },
    change,
  );
  built.push(upgrade);
  return upgrade;
}

function rehearsal(
  { upFrom, release, upgrade }: PlainUpgrade,
  options: Partial<RehearsalOptions> = {},
): Promise<Rehearsal> {
  const own = mkdtempSync(join(folder, 'rehearsal-'));
  return rehearse({
    erlang,
    folder: join(own, 'nodes'),
    logFolder: join(own, 'logs'),
    release,
    upFrom: [upFrom],
    upgrade,
    timeoutSeconds: 60,
    nodeName: 'random',
    ...options,
  });
}

/** `step id: message`, of every finding. */
function findings({ versions }: Rehearsal): string[] {
  return versions.flatMap((version) =>
    version.findings.map(({ step, id, message }) => `${step} ${id}: ${message}`),
  );
}

function appup(up: string, down = up): string {
  return `{"2", [{"1", [${up}]}], [{"1", [${down}]}]}.`;
}

test('a good upgrade of plain releases passes at every stage, with the process and its state', async () => {
  const stages: Stage[] = [];
  const result = await rehearsal(await build(one, two), {
    onStage: (stage) => {
      stages.push(stage);
      return Promise.resolve();
    },
  });
  expect(findings(result)).toEqual([]);
  expect(result.outcome).toBe('passed');
  const installations = Object.entries(result.versions[0]?.installations ?? {});
  expect(installations.map(([step, { suspended }]) => [step, suspended?.processes])).toEqual([
    ['upgrade', 1],
    ['downgrade', 1],
    ['upgrade again', 1],
  ]);
  for (const [, { suspended }] of installations) expect(suspended?.longestSeconds).toBeGreaterThan(0);
  expect(stages).toEqual([
    'before-upgrade',
    'after-upgrade',
    'after-downgrade',
    'after-second-upgrade',
    'after-permanent',
    'after-restart',
  ]);
});

test('an empty appup: the module runs its old code, whatever the node says', async () => {
  const result = await rehearsal(await build(one, { ...two, appup: appup('') }));
  expect(result.outcome).toBe('failed');
  expect(findings(result)).toContain(
    'upgrade rehearsal-code: Module shop_counter of shop runs other code after the upgrade to 2.0.0 than the release has.',
  );
});

test('a module missing from the appup is not loaded', async () => {
  const modules = { ...two.modules, shop_new: '-export([f/0]).\nf() -> ok.' };
  const result = await rehearsal(
    await build(one, { ...two, modules, appup: appup('{load_module, shop_counter}') }),
  );
  expect(findings(result)).toEqual([
    'upgrade rehearsal-code: Module shop_new of shop is not loaded after the upgrade to 2.0.0, but is when the release boots.',
  ]);
});

const withExtra: PlainApplication = {
  version: '2',
  modules: {
    ...supervised('shop', ['shop_counter', 'shop_extra']),
    ...counter('shop_counter', '1'),
    ...counter('shop_extra', '2'),
  },
  appup: appup(
    '{add_module, shop_extra}, {update, shop_sup, supervisor}',
    '{update, shop_sup, supervisor}, {delete_module, shop_extra}',
  ),
};

test('a child that is not started is named, with the instruction to add', async () => {
  const result = await rehearsal(await build(one, withExtra));
  expect(findings(result)[0]).toBe(
    'upgrade rehearsal-supervision: The child shop: shop_sup → shop_extra does not run after the upgrade to 2.0.0, but does when the release boots.',
  );
  const [version] = result.versions;
  expect(version?.corrections).toContainEqual({
    application: 'shop',
    upFrom: '1',
    direction: 'up',
    position: 'last',
    instruction: '{apply,{supervisor,restart_child,[shop_sup,shop_extra]}}',
  });
  expect(version?.trees[0]).toMatchObject({
    step: 'upgrade',
    application: 'shop',
    found: 'shop_sup\n  shop_counter: shop_counter\n  shop_extra (not running)',
  });
});

test('a child that is left over is named, with the instructions to add', async () => {
  const old = { ...withExtra, version: '1' };
  const result = await rehearsal(
    await build(old, {
      ...two,
      appup: appup(
        '{update, shop_counter, {advanced, []}}, {update, shop_sup, supervisor}, {delete_module, shop_extra}',
        '{add_module, shop_extra}, {update, shop_counter, {advanced, []}}, {update, shop_sup, supervisor}',
      ),
    }),
  );
  expect(findings(result)[0]).toBe(
    'upgrade rehearsal-supervision: The child shop: shop_sup → shop_extra is still there after the upgrade to 2.0.0, but is not when the release boots.',
  );
  expect(
    result.versions[0]?.corrections.map(({ position, instruction }) => `${position} ${instruction}`),
  ).toEqual([
    'first {apply,{supervisor,terminate_child,[shop_sup,shop_extra]}}',
    'first {apply,{supervisor,delete_child,[shop_sup,shop_extra]}}',
  ]);
});

test('code_change that crashes', async () => {
  const modules = { ...two.modules, ...counter('shop_counter', '2', 'exit(broken)') };
  const result = await rehearsal(await build(one, { ...two, modules }));
  expect(findings(result)).toEqual([
    'upgrade rehearsal-node-restarted: The node restarted its system while 2.0.0 was installed (code_change of shop_counter failed); that is not a hot upgrade.',
  ]);
  const [finding] = result.versions[0]?.findings ?? [];
  expect(finding?.details).toContain('broken');
  expect(finding).toMatchObject({ application: 'shop', module: 'shop_counter' });
  expect(finding?.remedy).toMatch(/^Give shop_counter:code_change\/3 a clause for the state/);
});

const check = `answer=$("$RELUP_ROOT"/erts-*/bin/erl_call -sname "$RELUP_NODE" -c "$RELUP_COOKIE" -a 'shop_counter count')
echo "$RELUP_STAGE: $answer, $RELUP_RUNNING of $RELUP_UP_FROM → $RELUP_VERSION"
[[ $answer =~ ^[0-9]+$ ]]`;

test('code_change that returns a wrong state is caught by the check', async () => {
  const modules = { ...two.modules, ...counter('shop_counter', '2', '{ok, wrong}') };
  const result = await rehearsal(await build(one, { ...two, modules }), { check });
  expect(findings(result)).toEqual([
    'upgrade rehearsal-process-died: The process shop: shop_sup → shop_counter died during the step "upgrade" and was started again, without its state.',
    'upgrade rehearsal-crash-report: The node printed 2 crash and supervisor reports during the step "upgrade"; the first: the process shop_counter begun by shop_counter:init/1 crashed (no function clause matching shop_counter:handle_call).',
    'upgrade rehearsal-check: The `check` command failed with exit status 1 at stage after-upgrade.',
  ]);
  expect(result.versions[0]?.findings[2]?.details).toContain('function_clause');
});

test('an init/1 with a side effect', async () => {
  const init = (version: string, children: string[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(supervised('shop', children)).map(([name, source]) => [
        name,
        source.replace('init([]) ->', `init([]) -> ets:new(shop_table, [named_table]), _ = ${version},`),
      ]),
    );
  const result = await rehearsal(
    await build(
      { version: '1', modules: { ...init('1', []) } },
      {
        version: '2',
        modules: { ...init('2', []) },
        appup: appup('{update, shop_sup, supervisor}, {load_module, shop_app}'),
      },
    ),
  );
  expect(findings(result)).toEqual([
    'upgrade rehearsal-node-restarted: The node restarted its system while 2.0.0 was installed (code_change of shop_sup failed); that is not a hot upgrade.',
  ]);
  expect(result.versions[0]?.findings[0]?.details).toContain('shop_table');
});

const loop = (version: string): string => `-export([start_link/0, init/0]).
start_link() -> {ok, proc_lib:spawn_link(?MODULE, init, [])}.
init() -> register(shop_loop, self()), loop().
loop() -> receive never -> ${version} after 60000 -> loop() end.`;

test('processes in old code refuse a soft purge', async () => {
  const modules = (version: string) => ({ ...supervised('shop', ['shop_loop']), shop_loop: loop(version) });
  const result = await rehearsal(
    await build(
      { version: '1', modules: modules('1') },
      {
        version: '2',
        modules: modules('2'),
        appup: appup('{load_module, shop_loop, soft_purge, soft_purge, []}'),
      },
    ),
  );
  expect(findings(result)).toEqual([
    'upgrade rehearsal-old-code: After the step "upgrade" a process still runs or holds old code of shop_loop (shop_loop); the next upgrade, or making this one permanent, kills it.',
    'downgrade rehearsal-refused: release_handler did not install 1.0.0 (step "downgrade"): release_handler refuses: processes still run old code of module shop_loop. Old code is held by: shop_loop: shop_loop.',
  ]);
});

test('a sys.config that cannot be read', async () => {
  const result = await rehearsal(
    await build(one, two, (tree) => writeFileSync(join(tree, 'releases/2.0.0/sys.config'), '[{shop, [\n')),
  );
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^upgrade rehearsal-refused: release_handler could not use \S+sys\.config, and would install an empty configuration: it cannot be read/,
    ),
  ]);
});

test('an up-from release whose sys.config includes a file as only a boot finds it: the way back loses settings', async () => {
  const upgrade = await build(one, two);
  const releases = join(upgrade.upFrom.root, 'releases/1.0.0');
  writeFileSync(join(releases, 'sys.config'), '["more.config"].\n');
  writeFileSync(join(releases, 'more.config'), '[{shop, [{limit, 1}]}].\n');
  const result = await rehearsal(upgrade);
  expect(result.outcome).toBe('passed');
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^downgrade downgrade-config: A downgrade to 1\.0\.0 would lose settings: its sys\.config is read anew, and it includes more\.config, which release_handler looks for/,
    ),
  ]);
});

test('a placeholder that nothing fills in', async () => {
  const result = await rehearsal(
    await build(one, two, (tree) =>
      writeFileSync(join(tree, 'releases/2.0.0/sys.config'), '[{shop, [{host, "${SHOP_HOST}"}]}].\n'),
    ),
  );
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^upgrade rehearsal-refused: \S+sys\.config holds \$\{SHOP_HOST\}, and nothing would fill it in\.$/,
    ),
  ]);
});

test('a node that dies after the point of no return', async () => {
  const result = await rehearsal(
    await build(one, {
      ...two,
      appup: appup('{update, shop_counter, {advanced, []}}, {apply, {erlang, halt, [1]}}'),
    }),
  );
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^upgrade rehearsal-node-died: The node died during the step "upgrade", while 2\.0\.0 was installed/,
    ),
  ]);
});

test('an up-from release whose node ends by itself leaves the upgrade unproven', async () => {
  // The supervisor gives up at the third end, whatever has been done by then.
  const ticking = (version: string): Record<string, string> => {
    const { shop_sup = '', ...others } = supervised('shop', ['shop_counter']);
    const state = 'begin erlang:send_after(700, self(), give_up), 0 end';
    const { shop_counter = '' } = counter('shop_counter', version, '{ok, State}', state);
    return {
      ...others,
      shop_sup: shop_sup.replace('intensity => 5, period => 1', 'intensity => 2, period => 30'),
      shop_counter: `${shop_counter.replace('-export([init/1', '-export([handle_info/2, init/1')}
handle_info(give_up, State) -> {stop, econnrefused, State}.`,
    };
  };
  const upgrade = await build({ version: '1', modules: ticking('1') }, { ...two, modules: ticking('2') });
  const result = await rehearsal(upgrade);
  expect(result.outcome).toBe('unproven');
  expect(findings(result)).toContain(
    'boot rehearsal-impossible: The up-from release 1.0.0 does not stay up on this runner: its node ends by itself, without an upgrade, because its application shop ended.',
  );
  expect(result.versions[0]?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('an up-from release that never finishes booting leaves the upgrade unproven', async () => {
  const modules = {
    ...one.modules,
    shop_app: '-export([start/2, stop/1]).\nstart(_, _) -> receive never -> ok end.\nstop(_) -> ok.',
  };
  const result = await rehearsal(await build({ version: '1', modules }, two), { timeoutSeconds: 4 });
  expect(result.outcome).toBe('unproven');
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^boot rehearsal-impossible: The up-from release 1\.0\.0 could not be booted on this runner: plain did not boot: its applications did not all run within \d seconds/,
    ),
  ]);
});

/** Sets a value at run time, and keeps a fun of its own in a table. */
const careless = (version: string): PlainApplication => ({
  version,
  modules: {
    ...supervised('shop', ['shop_cache']),
    shop_cache: `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) ->
    application:set_env(shop, cache, ready),
    Table = ets:new(shop_callbacks, [named_table]),
    true = ets:insert(Table, {callback, fun(X) -> {${version}, X} end}),
    {ok, Table}.
handle_call(_, _, Table) -> {reply, ok, Table}.
handle_cast(_, Table) -> {noreply, Table}.`,
  },
  appup: appup('{load_module, shop_cache}'),
});

test('what an upgrade takes back, and old funs in tables, are warnings; no value is told', async () => {
  const result = await rehearsal(await build(careless('1'), careless('2')));
  expect(result.outcome).toBe('passed');
  expect(findings(result)).toEqual([
    'upgrade rehearsal-old-fun: After the step "upgrade" the ETS table shop_callbacks holds funs of old code of shop_cache; they fail once that is purged.',
    'upgrade again rehearsal-old-fun: After the step "upgrade again" the ETS table shop_callbacks holds funs of old code of shop_cache; they fail once that is purged.',
    'upgrade rehearsal-environment: shop:cache is not set after the upgrade to 2.0.0, but the release sets it at run time when it boots.',
    'downgrade rehearsal-environment: shop:cache is not set after the downgrade to 1.0.0, but the release sets it at run time when it boots.',
  ]);
  expect(JSON.stringify(result)).not.toContain('ready');
});

/** Listens on the port that the environment names. */
const listener = (version: string): Record<string, string> => ({
  shop_port: `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) -> {ok, _} = gen_tcp:listen(list_to_integer(os:getenv("SHOP_PORT")), [{ip, {127, 0, 0, 1}}]).
handle_call(_, _, Socket) -> {reply, ${version}, Socket}.
handle_cast(_, Socket) -> {noreply, Socket}.`,
});

function listening(version: string): PlainApplication {
  const modules = { ...supervised('shop', ['shop_port']), ...listener(version) };
  return { version, modules, appup: appup('{load_module, shop_port}') };
}

test('a release that listens on a port is booted anew only once the first node is gone', async () => {
  const port = await freePort();
  const upgrade = await build(listening('1'), listening('2'));
  const result = await rehearsal(upgrade, {
    env: { PATH: process.env['PATH'] ?? '', SHOP_PORT: String(port) },
  });
  expect(findings(result)).toEqual([]);
  expect(result.outcome).toBe('passed');
  // In the order in which they ended.
  expect(result.versions[0]?.steps.map(({ name }) => name)).toEqual([
    'boot',
    'upgrade',
    'downgrade',
    'upgrade again',
    'restart',
    'cold boot',
  ]);
});

test('a port in use leaves the upgrade unproven, and the log says why', async () => {
  const server = createServer();
  const port = await listen(server);
  try {
    const upgrade = await build(listening('1'), listening('2'));
    const result = await rehearsal(upgrade, {
      env: { PATH: process.env['PATH'] ?? '', SHOP_PORT: String(port) },
    });
    expect(result.outcome).toBe('unproven');
    expect(findings(result)).toEqual([
      expect.stringMatching(
        /plain did not boot: it failed with exit status 1 \(the application shop does not start: its child shop_port failed with eaddrinuse\)\.$/,
      ),
    ]);
    expect(result.versions[0]?.findings[0]?.details).toContain('eaddrinuse');
  } finally {
    server.close();
  }
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a check that hangs is ended', async () => {
  const result = await rehearsal(await build(one, two), {
    timeoutSeconds: 8,
    check: 'echo waiting; sleep 600',
  });
  expect(findings(result)).toEqual([
    expect.stringMatching(
      /^upgrade rehearsal-check: The `check` command did not end within \d seconds at stage before-upgrade\.$/,
    ),
  ]);
});
