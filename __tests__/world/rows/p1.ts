import type { Row } from '../row.js';

const STRINGPREP = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    <<"world">> = stringprep:nodeprep(<<"WORLD">>),
    <<"abc">> = stringprep:tolower(<<"ABC">>),
    {ok, N + 1}.\n`;

const FAST_YAML = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    {ok, [[{<<"a">>, [1, 2]}]]} = fast_yaml:decode(<<"a:\\n  - 1\\n  - 2\\n">>),
    {ok, N + 1}.\n`;

const FAST_TLS = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    <<"616263">> = p1_sha:to_hexlist(<<"abc">>),
    false = fast_tls:get_fips_mode(),
    {ok, N + 1}.\n`;

const CACHE_TAB = `-export([start/0, use/1]).
start() -> ets_cache:new(world, [{max_size, 100}]), 0.
use(N) ->
    {ok, world} = ets_cache:lookup(world, N, fun() -> {ok, world} end),
    {ok, world} = ets_cache:lookup(world, 0),
    {ok, N + 1}.\n`;

const MQTREE = `-export([start/0, use/1]).
start() -> {mqtree:new(), 0}.
use({Tree, N}) ->
    ok = mqtree:insert(Tree, ["world/", integer_to_list(N)]),
    N = mqtree:size(Tree) - 1,
    [<<"world/0">>] = mqtree:match(Tree, <<"world/0">>),
    {ok, {Tree, N + 1}}.\n`;

// What it makes of short texts ends in what happened to be there, so only the beginning is looked at.
const EZLIB = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    {ok, Compressed} = ezlib:compress(ezlib:new(), <<"world">>),
    {ok, Other} = ezlib:compress(ezlib:new(), <<"world">>),
    true = binary:part(Compressed, 0, 7) =:= binary:part(Other, 0, 7),
    {ok, N + 1}.\n`;

const FAST_XML = `-export([start/0, use/1]).
start() -> fxml_stream:parse(fxml_stream:new(self()), <<"<stream>">>).
use(Stream) ->
    {xmlel, <<"a">>, [{<<"b">>, <<"c">>}], []} = fxml_stream:parse_element(<<"<a b='c'/>">>),
    <<"<a b='c'/>">> = fxml:element_to_binary({xmlel, <<"a">>, [{<<"b">>, <<"c">>}], []}),
    {ok, fxml_stream:parse(Stream, <<"<x/>">>)}.\n`;

const ESIP = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    Uri = esip_codec:decode_uri(<<"sip:a@b.example">>),
    uri = element(1, Uri),
    <<"sip">> = element(2, Uri),
    {ok, N + 1}.\n`;

const JIFFY = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    {[{<<"a">>, [1, N]}]} = jiffy:decode(jiffy:encode({[{<<"a">>, [1, N]}]})),
    {ok, N + 1}.\n`;

const XMPP = `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    Jid = jid:decode(<<"A@world.example/b">>),
    <<"A@world.example/b">> = jid:encode(Jid),
    {<<"a">>, <<"world.example">>, <<"b">>} = jid:tolower(Jid),
    {ok, N + 1}.\n`;

function identity(library: string, use: string, more: Partial<Row> = {}): Row {
  return {
    name: `${library.replace(/-(?=[^-]*$)/, ' ')} twice`,
    upFrom: [library],
    use,
    expect: 'hot',
    why: 'The same library twice: nothing of it may differ, whatever folder the compilers saw.',
    ...more,
  };
}

/** Libraries with native code, and others that Debian has at two versions. */
export const P1: readonly Row[] = [
  {
    name: 'p1_pgsql 1.1.20 → 1.1.31',
    upFrom: ['p1_pgsql-1.1.20'],
    to: ['p1_pgsql-1.1.31'],
    use: `-export([start/0, use/1]).
start() -> 0.
use(N) ->
    <<"md5", _:32/binary, 0>> = pgsql_util:pass_md5("user", "password", "salt"),
    {<<"world">>, 5} = pgsql_util:to_string(<<"world", 0, 1>>, true),
    true = is_pid(whereis(pgsql_sup)),
    {ok, N + 1}.\n`,
    expect: 'hot',
    why: 'Eight applications come with it, with native code that nothing had loaded.',
  },
  {
    name: 'stringprep 1.0.30 → 1.0.34',
    upFrom: ['stringprep-1.0.30'],
    to: ['stringprep-1.0.34'],
    use: STRINGPREP,
    expect: { refused: 'native-code-changed' },
    why: 'The module that loads the library changed, and the library has no upgrade callback.',
  },
  {
    name: 'fast_yaml 1.0.37 → 1.0.40',
    upFrom: ['fast_yaml-1.0.37'],
    to: ['fast_yaml-1.0.40'],
    use: FAST_YAML,
    expect: 'hot',
    why: 'Only years in comments and the version differ, in Erlang and in C.',
  },
  {
    name: 'fast_tls 1.1.22 → 1.1.26',
    upFrom: ['fast_tls-1.1.22'],
    to: ['fast_tls-1.1.26'],
    use: FAST_TLS,
    expect: { refused: 'native-code-changed' },
    why: 'The C code changed, and the library has no upgrade callback.',
  },
  identity('stringprep-1.0.30', STRINGPREP, { sample: true }),
  identity('fast_yaml-1.0.37', FAST_YAML),
  identity('fast_tls-1.1.22', FAST_TLS),
  identity('cache_tab-1.0.31', CACHE_TAB),
  identity('mqtree-1.0.17', MQTREE),
  identity('ezlib-1.0.13', EZLIB),
  identity('fast_xml-1.1.55', FAST_XML),
  identity('esip-1.0.56', ESIP),
  identity('jiffy-1.1.2', JIFFY),
  identity('xmpp-1.9.4', XMPP),
];
