// Two connected nodes, old and new: what they say to each other, and what the upgrade of one takes from both.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rehearse } from '../../src/rehearsal/rehearse.js';
import type { Rehearsal, RehearsedCluster } from '../../src/model/rehearsal.js';
import type { RehearsalOptions } from '../../src/rehearsal/rehearsal-options.js';
import type { Erlang } from '../../src/programs/erlang.js';
import {
  buildPlainUpgrade,
  counter,
  supervised,
  type PlainApplication,
  type PlainRelease,
  type PlainUpgrade,
} from '../support/plain-release.js';
import { freePort } from '../support/free-port.js';
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

async function cluster(
  old: PlainApplication,
  next: Omit<PlainApplication, 'version'>,
  {
    otp = [],
    sysConfig,
    ...options
  }: Partial<RehearsalOptions> & Pick<PlainRelease, 'otp' | 'sysConfig'> = {},
): Promise<{
  outcome: string;
  findings: string[];
  cluster: RehearsedCluster | undefined;
  result: Rehearsal;
}> {
  const more = { otp, ...(sysConfig === undefined ? {} : { sysConfig }) };
  const upgrade = await buildPlainUpgrade(
    erlang,
    { version: '1.0.0', applications: { shop: old }, ...more },
    { version: '2.0.0', applications: { shop: { version: '2', ...next } }, ...more },
  );
  built.push(upgrade);
  const own = mkdtempSync(join(folder, 'rehearsal-'));
  const result = await rehearse({
    ...{ erlang, folder: join(own, 'nodes'), logFolder: join(own, 'logs') },
    ...{ release: upgrade.release, upFrom: [upgrade.upFrom], upgrade: upgrade.upgrade },
    ...{ timeoutSeconds: 150, nodeName: 'random', cluster: true },
    ...options,
  });
  const findings = result.versions.flatMap((version) =>
    version.findings.map(({ step, id, message }) => `${step} ${id}: ${message}`),
  );
  return { outcome: result.outcome, findings, cluster: result.versions[0]?.cluster, result };
}

function appup(up: string, down = up): string {
  return `{"2", [{"1", [${up}]}], [{"1", [${down}]}]}.`;
}

const UPDATE = appup('{update, shop_counter, {advanced, []}}');

function shop(modules: Readonly<Record<string, string>>): Omit<PlainApplication, 'version'> {
  return { modules: { ...supervised('shop', Object.keys(modules)), ...modules } };
}

test('a pair that stays as it is: connected, checked with both names, nothing lost', async () => {
  const check = `
    answer=$("$RELUP_ROOT"/erts-*/bin/erl_call -sname "$RELUP_NODE" -c "$RELUP_COOKIE" -a "rpc call ['$RELUP_OTHER_NODE',shop_counter,version,[]]")
    echo "$RELUP_STAGE $RELUP_RUNNING sees $RELUP_OTHER_RUNNING answer $answer"
    [[ $RELUP_STAGE != cluster-* || ( "$answer" = "\${RELUP_OTHER_RUNNING%%.*}" && -d $RELUP_OTHER_ROOT ) ]]`;
  const {
    outcome,
    findings,
    cluster: of,
    result,
  } = await cluster(
    { version: '1', ...shop(counter('shop_counter', '1')) },
    { ...shop(counter('shop_counter', '2')), appup: UPDATE },
    { check },
  );
  expect(findings).toEqual([]);
  expect(outcome).toBe('passed');
  expect(of).toEqual({
    versions: ['1.0.0', '2.0.0'],
    together: false,
    shared: [{ kind: 'connection', before: 1, lost: [] }],
  });
  expect(result.versions[0]?.steps.slice(-2)).toMatchObject([
    { name: 'cluster', checks: { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' } },
    { name: 'cluster upgrade', checks: { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' } },
  ]);
});

/** Calls the counter on the other node by a message that only the new version knows. */
const ASKING = `
ask() -> try gen_server:call({shop_counter, hd(nodes())}, {count, 1}) catch exit:_ -> crashed end.
handle_call({count, _}, _, State) -> {reply, State, State};
handle_call(`;

function asking(): Record<string, string> {
  const { shop_counter: text = '' } = counter('shop_counter', '2');
  return {
    shop_counter: text.replace('[start_link/0', '[ask/0, start_link/0').replace('\nhandle_call(', ASKING),
  };
}

const ASK = `if [[ $RELUP_STAGE = cluster-mixed && $RELUP_RUNNING = 2.0.0 ]]; then
  "$RELUP_ROOT"/erts-*/bin/erl_call -sname "$RELUP_NODE" -c "$RELUP_COOKIE" -a 'shop_counter ask'
fi`;

test('a message that the old version does not know: its process crashes, and the node is named', async () => {
  const old = { version: '1', ...shop(counter('shop_counter', '1')) };
  const { outcome, findings } = await cluster(old, { ...shop(asking()), appup: UPDATE }, { check: ASK });
  expect(findings).toEqual([
    'cluster rehearsal-cluster-crash: A process crashed on the up-from node (now 1.0.0) while 1.0.0 and 2.0.0 ran on connected nodes: begun by shop_counter:init/1: function_clause in shop_counter:handle_call/3.',
  ]);
  expect(outcome).toBe('failed');
});

/** The supervisor starts it, and something registers it. */
const NAMED = (inside: boolean): Record<string, string> => {
  const register = 'global:register_name({leader, node()}, ';
  const { shop_counter: text = '' } = counter('shop_counter', '1');
  const modules = {
    shop_counter: inside ? text.replace('init([]) -> ', `init([]) -> ${register}self()), `) : text,
  };
  const { shop_app: app = '', ...rest } = supervised('shop', ['shop_counter']);
  const start = `start(_, _) -> {ok, Pid} = shop_sup:start_link(), ${register}whereis(shop_counter)), {ok, Pid}.`;
  return { ...rest, ...modules, shop_app: inside ? app : app.replace(/start\(_, _\) -> .*/, start) };
};
const RESTART = appup(
  '{apply, {supervisor, terminate_child, [shop_sup, shop_counter]}}, {load_module, shop_counter}, {apply, {supervisor, restart_child, [shop_sup, shop_counter]}}',
);
const CHANGED = (modules: Record<string, string>): Record<string, string> => ({
  ...modules,
  shop_counter: (modules['shop_counter'] ?? '').replace(
    'handle_call(version, _, State) -> {reply, 1',
    'handle_call(version, _, State) -> {reply, 2',
  ),
});

test('a global name that a restarted process does not register again is lost', async () => {
  const modules = NAMED(false);
  const { outcome, findings } = await cluster(
    { version: '1', modules },
    { modules: CHANGED(modules), appup: RESTART },
  );
  expect(findings).toEqual([
    'cluster upgrade rehearsal-cluster-name: The global name {leader,the up-from node (now 2.0.0)}, which a process on the up-from node (now 2.0.0) had, is gone after the upgrade of one node: who calls it finds nobody.',
  ]);
  expect(outcome).toBe('failed');
});

test('one that it registers again belongs to another process: a warning', async () => {
  const modules = NAMED(true);
  const {
    outcome,
    findings,
    cluster: of,
  } = await cluster({ version: '1', modules }, { modules: CHANGED(modules), appup: RESTART });
  expect(findings).toEqual([expect.stringMatching(/^cluster upgrade rehearsal-cluster-name-moved: /)]);
  expect(outcome).toBe('passed');
  expect(of?.shared).toEqual([
    { kind: 'connection', before: 1, lost: [] },
    { kind: 'global name', before: 2, lost: [expect.stringContaining('leader')] },
  ]);
});

test('process groups and a replicated mnesia table stay as they are', async () => {
  const db = `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, handle_info/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) ->
    ok = net_kernel:monitor_nodes(true), {ok, _} = pg:start_link(shop_scope), ok = pg:join(shop_scope, orders, self()),
    {ok, 0}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
handle_info({nodeup, Node}, State) when Node > node() ->
    {ok, _} = mnesia:change_config(extra_db_nodes, [Node]),
    _ = mnesia:create_table(orders, [{ram_copies, [node(), Node]}]),
    {noreply, State};
handle_info(_, State) -> {noreply, State}.`;
  const check = `[[ $RELUP_STAGE != cluster-* ]] || for _ in {1..50}; do
    "$RELUP_ROOT"/erts-*/bin/erl_call -sname "$RELUP_NODE" -c "$RELUP_COOKIE" -a 'mnesia table_info [orders,ram_copies]' | grep -q ,  && exit 0
    sleep 0.1
  done; [[ $RELUP_STAGE != cluster-* ]]`;
  const properties = '{registered, []}, {applications, [kernel, stdlib, mnesia]}, {mod, {shop_app, []}}';
  const { findings, cluster: of } = await cluster(
    { version: '1', properties, ...shop({ shop_db: db, ...counter('shop_counter', '1') }) },
    { properties, ...shop({ shop_db: db, ...counter('shop_counter', '2') }), appup: UPDATE },
    { otp: ['mnesia'], check },
  );
  expect(findings).toEqual([]);
  expect(of?.shared).toEqual([
    { kind: 'connection', before: 1, lost: [] },
    { kind: 'process group', before: 1, lost: [] },
    { kind: 'mnesia node', before: 2, lost: [] },
  ]);
});

test('what two nodes of the old version do to each other as well is no finding', async () => {
  const noisy = (version: string): Record<string, string> => ({
    ...counter('shop_counter', version),
    shop_noise: `-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2, handle_info/2]).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) -> ok = net_kernel:monitor_nodes(true), {ok, 0}.
handle_call(_, _, State) -> {reply, State, State}.
handle_cast(_, State) -> {noreply, State}.
handle_info({nodeup, _}, _) -> error(new_node).`,
  });
  const { outcome, findings } = await cluster(
    { version: '1', ...shop(noisy('1')) },
    { ...shop(noisy('2')), appup: UPDATE },
  );
  expect(findings).toEqual([]);
  expect(outcome).toBe('passed');
});

test.each([
  ['a list of nodes elsewhere', "['shop@one', 'shop@two', 'shop@three']"],
  ['a function that gives the nodes', '{erlang, nodes, []}'],
])('sync_nodes, %s: two up-from nodes are upgraded at the same time', async (_, nodes) => {
  const waiting = appup(`{sync_nodes, shop, ${nodes}}, {update, shop_counter, {advanced, []}}`);
  const { findings, cluster: of } = await cluster(
    { version: '1', ...shop(counter('shop_counter', '1')) },
    { ...shop(counter('shop_counter', '2')), appup: waiting },
  );
  expect(findings).toEqual([]);
  expect(of).toMatchObject({ versions: ['1.0.0', '1.0.0'], together: true });
});

test('sync_nodes for nodes that do not come is a finding, and does not hang', async () => {
  const others = (version: string): Record<string, string> => {
    const { shop_counter: text = '' } = counter('shop_counter', version);
    return {
      shop_counter: `${text.replace('[start_link/0', '[others/0, start_link/0')}\nothers() -> ['gone@localhost'].`,
    };
  };
  const waiting = appup(
    '{sync_nodes, shop, {shop_counter, others, []}}, {update, shop_counter, {advanced, []}}',
  );
  const { outcome, findings } = await cluster(
    { version: '1', ...shop(others('1')) },
    { ...shop(others('2')), appup: waiting },
  );
  expect(findings).toEqual([
    'upgrade rehearsal-sync-nodes: While 2.0.0 is installed, release_handler waits at sync_nodes for nodes that shop_counter:others/0 gives, which do not come to the same instruction: it would wait for ever.',
  ]);
  expect(outcome).toBe('failed');
});

test('two nodes that listen on the same port: the second one is given another', async () => {
  const listening = (version: string): Omit<PlainApplication, 'version'> => {
    const { shop_counter: text = '' } = counter('shop_counter', version);
    const listen = '{ok, _} = gen_tcp:listen(list_to_integer(os:getenv("PORT")), [{ip, {127,0,0,1}}])';
    return shop({ shop_counter: text.replace('{ok, 0}', `${listen}, {ok, 0}`) });
  };
  const [port, second] = [await freePort(), await freePort()];
  const run = (env: Record<string, string>): ReturnType<typeof cluster> =>
    cluster(
      { version: '1', ...listening('1') },
      { ...listening('2'), appup: UPDATE },
      { env: { PATH: process.env.PATH ?? '', PORT: String(port), ...env } },
    );
  expect((await run({})).findings).toEqual([
    expect.stringMatching(
      /^cluster rehearsal-cluster-boot: For the cluster a node of 2\.0\.0 could not be booted: .*eaddrinuse/,
    ),
  ]);
  expect((await run({ RELUP_SECOND_PORT: String(second) })).findings).toEqual([]);
});
