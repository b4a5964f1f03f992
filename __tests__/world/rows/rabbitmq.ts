import type { Row } from '../row.js';

/** Libraries that rabbitmq-server vendors, at the versions of 3.10.8 and 4.0.5. */
export const RABBITMQ: readonly Row[] = [
  {
    name: 'aten 0.5.8 → 0.6.0',
    upFrom: ['aten-0.5.8'],
    to: ['aten-0.6.0'],
    sample: true,
    // Registers a node that is not there, and hears that it is down; its server's samples live on.
    use: `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    Node = list_to_atom("gone" ++ integer_to_list(N) ++ "@127.0.0.1"),
    _ = aten:register(Node),
    {_, _} = {sys:get_state(aten_detector), sys:get_state(aten_sink)},
    _ = aten:unregister(Node),
    receive {node_event, Node, _} -> ok after 0 -> ok end,
    {ok, N + 1}.\n`,
    expect: 'hot',
    why: 'Servers whose states keep their shape.',
  },
  {
    name: 'seshat 0.3.2 → 0.6.1',
    upFrom: ['seshat-0.3.2'],
    to: ['seshat-0.6.1'],
    sample: true,
    use: `-export([start/0, use/1]).
start() ->
    _ = seshat:new_group(world),
    {seshat:new(world, uses, [{uses, 1, counter, "how often"}]), 0}.
use({Counters, N}) ->
    ok = counters:add(Counters, 1, 1),
    Sum = N + 1,
    Counters = seshat:fetch(world, uses),
    #{uses := #{uses := Sum}} = seshat:overview(world),
    #{uses := Sum} = seshat:overview(world, uses),
    {ok, {Counters, Sum}}.\n`,
    expect: 'hot',
    why: 'Counters outlive the code that made them; the new form of a field specification is in none of the old ones.',
  },
  {
    name: 'ra 2.2.0 → 2.14.0',
    upFrom: ['ra-2.2.0'],
    to: ['ra-2.14.0'],
    use: `-export([start/0, use/1]).
start() ->
    Folder = filename:join([os:getenv("TMPDIR", "/tmp"), "relup-world-ra-" ++ os:getpid()]),
    _ = file:del_dir_r(Folder),
    {ok, _} = ra:start_in(Folder),
    Member = {world, node()},
    {ok, [Member], []} = ra:start_cluster(default, world, {simple, fun(M, N) -> M + N end, 0}, [Member]),
    {Member, 0}.
use({Member, N}) ->
    Sum = N + 1,
    {ok, Sum, _} = ra:process_command(Member, 1, 10000),
    {ok, {_, Sum}, _} = ra:local_query(Member, fun(State) -> State end),
    {ok, {Member, Sum}}.\n`,
    expect: { refused: 'state-changed' },
    why: '`ra_server_proc` and `ra_log_wal` keep other records, and what they have for a conversion changes nothing.',
  },
  {
    name: 'osiris 1.3.1 → 1.8.5',
    upFrom: ['osiris-1.3.1'],
    to: ['osiris-1.8.5'],
    use: `-export([start/0, use/1]).
start() ->
    Folder = filename:join([os:getenv("TMPDIR", "/tmp"), "relup-world-osiris-" ++ os:getpid()]),
    _ = file:del_dir_r(Folder),
    ok = application:set_env(osiris, data_dir, Folder),
    {ok, #{leader_pid := Leader}} = osiris:start_cluster(#{name => "world", epoch => 1, leader_node => node(), replica_nodes => []}),
    {Leader, 0}.
use({Leader, N}) ->
    Next = N + 1,
    ok = osiris:write(Leader, <<"world">>, Next, <<"entry">>),
    receive {osiris_written, _, <<"world">>, [Next]} -> ok after 10000 -> exit(not_written) end,
    {ok, {Leader, Next}}.\n`,
    expect: { refused: 'state-changed' },
    why: '`osiris_writer`, `osiris_replica` and `osiris_retention` keep other records, and nothing converts them.',
  },
  {
    name: 'recon 2.5.2 → 2.5.6',
    upFrom: ['recon-2.5.2'],
    to: ['recon-2.5.6'],
    sample: true,
    use: `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    {binary_memory, Memory} = recon:info(self(), binary_memory),
    true = is_integer(Memory),
    [{_, _, _} | _] = recon:proc_count(memory, 3),
    true = is_number(recon_alloc:memory(usage)),
    {ok, N + 1}.\n`,
    expect: 'hot',
    why: 'Functions only; syntax_tools comes with it.',
  },
  {
    name: 'observer_cli 1.7.3 → 1.7.5',
    upFrom: ['observer_cli-1.7.3'],
    to: ['observer_cli-1.7.5'],
    use: `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    [_ | _] = observer_cli_lib:uptime(),
    "50.00%" = lists:flatten(io_lib:format("~ts", [observer_cli_lib:to_percent(0.5)])),
    {ok, N + 1}.\n`,
    expect: 'hot',
    why: 'Functions only, also of the library that it uses.',
  },
  {
    name: 'getopt 1.0.2 → 1.0.3',
    upFrom: ['getopt-1.0.2'],
    to: ['getopt-1.0.3'],
    use: `-export([start/0, use/1]).
start() -> [{port, $p, "port", {integer, 1}, "port"}].
use(Options) ->
    {ok, {[{port, 7}], ["rest"]}} = getopt:parse(Options, "-p 7 rest"),
    {ok, Options}.\n`,
    expect: 'hot',
    why: 'The same code under another version.',
  },
  {
    name: 'cuttlefish 3.0.1 → 3.4.0',
    upFrom: ['cuttlefish-3.0.1'],
    to: ['cuttlefish-3.4.0'],
    otp: ['syntax_tools'],
    use: `-export([start/0, use/1]).
start() -> cuttlefish_schema:strings(["{mapping, \\"a.b\\", \\"app.key\\", [{datatype, integer}, {default, 3}]}."]).
use(Schema) ->
    [{app, [{key, 5}]}] = cuttlefish_generator:map(Schema, [{["a", "b"], "5"}]),
    [{app, [{key, 3}]}] = cuttlefish_generator:map(Schema, []),
    {ok, Schema}.\n`,
    expect: 'hot',
    why: 'Functions only; a schema that the old code read is used by the new one.',
  },
  {
    name: 'credentials_obfuscation 3.1.0 → 3.4.0',
    upFrom: ['credentials_obfuscation-3.1.0'],
    to: ['credentials_obfuscation-3.4.0'],
    otp: ['crypto', 'public_key'],
    // What the old code encrypted must be decrypted by the new one.
    use: `-export([start/0, use/1]).
start() ->
    ok = credentials_obfuscation:set_secret(<<"secret">>),
    [credentials_obfuscation:encrypt(<<"first">>)].
use(Encrypted) ->
    [<<"first">> = credentials_obfuscation:decrypt(One) || One <- Encrypted],
    {ok, [credentials_obfuscation:encrypt(<<"first">>) | Encrypted]}.\n`,
    expect: 'hot',
    why: 'The server keeps its key: what the old code encrypted is decrypted by the new one.',
  },
  {
    name: 'jose 1.11.1 → 1.11.10',
    unbuildable: { 29: 'old-style catch, with warnings as errors' },
    upFrom: ['jose-1.11.1', 'jsx-3.1.0'],
    to: ['jose-1.11.10', 'jsx-3.1.0'],
    use: `-export([start/0, use/1]).
start() -> jose_jwk:generate_key({ec, <<"P-256">>}).
use(Key) ->
    {_, Token} = jose_jws:compact(jose_jwt:sign(Key, #{<<"alg">> => <<"ES256">>}, #{<<"sub">> => <<"world">>})),
    {true, _, _} = jose_jwt:verify(Key, Token),
    [jose:unsecured_signing() || erlang:function_exported(jose, unsecured_signing, 0)],
    {ok, Key}.\n`,
    expect: 'hot',
    why: 'The server puts new keys into its table when it starts; `config_change` of the application, whose environment grew, does it, too.',
  },
  {
    name: 'prometheus 4.9.1 → 4.11.0',
    unbuildable: { 29: 'old-style catch, with warnings as errors' },
    upFrom: ['prometheus-4.9.1'],
    to: ['prometheus-4.11.0'],
    sample: true,
    use: `-export([start/0, use/1]).
start() ->
    prometheus_counter:declare([{name, world_uses}, {help, "uses"}]),
    0.
use(N) ->
    Sum = N + 1,
    ok = prometheus_counter:inc(world_uses),
    Sum = prometheus_counter:value(world_uses),
    Text = iolist_to_binary(prometheus_text_format:format()),
    {_, _} = binary:match(Text, iolist_to_binary(["world_uses ", integer_to_list(Sum)])),
    {ok, Sum}.\n`,
    expect: 'hot',
    why: 'Counters in tables of the supervisor count on.',
  },
  {
    name: 'cowlib 2.9.1 → 2.13.0',
    unbuildable: { 29: 'a type variable that is used once' },
    upFrom: ['cowlib-2.9.1'],
    to: ['cowlib-2.13.0'],
    use: `-export([start/0, use/1]).
start() -> cow_hpack:init().
use(State) ->
    Headers = [{<<":method">>, <<"GET">>}, {<<"x-world">>, <<"1">>}],
    {Block, Next} = cow_hpack:encode(Headers, State),
    true = iolist_size(Block) > 0,
    [{<<"a">>, <<"b">>}] = cow_qs:parse_qs(<<"a=b">>),
    [{<<"c">>, <<"d">>}] = cow_cookie:parse_cookie(<<"c=d">>),
    {ok, Next}.\n`,
    expect: 'hot',
    why: 'The compression state that our server keeps has the same record.',
  },
  {
    name: 'cowboy 2.8.0 → 2.12.0',
    upFrom: ['cowboy-2.8.0'],
    to: ['cowboy-2.12.0'],
    otp: ['inets'],
    use: `-export([start/0, use/1, init/2]).
start() ->
    Dispatch = cowboy_router:compile([{'_', [{"/", ?MODULE, []}]}]),
    {ok, _} = cowboy:start_clear(world, #{socket_opts => [{ip, {127, 0, 0, 1}}, {port, 0}]}, #{env => #{dispatch => Dispatch}}),
    ranch:get_port(world).
init(Request, State) -> {ok, cowboy_req:reply(200, #{}, <<"world">>, Request), State}.
use(Port) ->
    {ok, Socket} = gen_tcp:connect({127, 0, 0, 1}, Port, [binary, {active, false}]),
    ok = gen_tcp:send(Socket, <<"GET / HTTP/1.1\\r\\nhost: world\\r\\nconnection: close\\r\\n\\r\\n">>),
    Answer = received(Socket, <<>>),
    {0, _} = binary:match(Answer, <<"HTTP/1.1 200">>),
    {_, _} = binary:match(Answer, <<"world">>),
    {ok, Port}.
received(Socket, Got) ->
    case gen_tcp:recv(Socket, 0, 5000) of
        {ok, More} -> received(Socket, <<Got/binary, More/binary>>);
        {error, closed} -> Got
    end.\n`,
    expect: { refused: 'state-changed' },
    why: 'HTTP/2 connections keep a record with two fields more, and `system_code_change` returns it unchanged.',
  },
];
