import { applicationResource, cc } from './adjust.js';

/** A library at one version, as it lies in a source tarball. */
export interface Library {
  readonly name: string;
  readonly vsn: string;
  /** The tarball: `file` in sources.json. */
  readonly tarball: string;
  /** Where it lies in the tarball, below the one folder that this has; default: that folder. */
  readonly path?: string;
  /** Files that rebar3 needs and upstream lacks, or that ask for a plugin that only a package registry has. Null: removed. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Headers that the C compiler must have. */
  readonly headers?: readonly string[];
  /** Libraries that it calls, by the keys of LIBRARIES. */
  readonly needs?: readonly string[];
}

const RABBIT_3 = 'rabbitmq-server_3.10.8.orig.tar.xz';
const RABBIT_4 = 'rabbitmq-server_4.0.5.orig.tar.xz';

/** What rabbitmq-server vendors. */
function vendored(tarball: string, name: string, vsn: string, more: Partial<Library> = {}): Library {
  return { name, vsn, tarball, path: `deps/${name}`, ...more };
}

function packaged(name: string, vsn: string, tarball: string, more: Partial<Library> = {}): Library {
  return { name, vsn, tarball, ...more };
}

/** What upstream's port compiler would make of `port_specs`, which is no part of rebar3. */
function native(
  libraries: Readonly<Record<string, string>>,
  options = '[debug_info]',
  after = '',
): Record<string, string | null> {
  return {
    'rebar.config': `{erl_opts, ${options}}.\n{pre_hooks, [{compile, "sh native.sh"}]}.\n`,
    'rebar.config.script': null,
    'native.sh': `${cc(libraries)}${after}`,
  };
}

/** By name and version, as `aten-0.5.8`. */
export const LIBRARIES: Readonly<Record<string, Library>> = index([
  vendored(RABBIT_3, 'aten', '0.5.8'),
  vendored(RABBIT_4, 'aten', '0.6.0'),
  vendored(RABBIT_3, 'gen_batch_server', '0.8.8'),
  vendored(RABBIT_3, 'seshat', '0.3.2'),
  vendored(RABBIT_4, 'seshat', '0.6.1'),
  vendored(RABBIT_3, 'ra', '2.2.0', { needs: ['aten-0.5.8', 'gen_batch_server-0.8.8', 'seshat-0.3.2'] }),
  vendored(RABBIT_4, 'ra', '2.14.0', { needs: ['aten-0.6.0', 'gen_batch_server-0.8.8', 'seshat-0.6.1'] }),
  vendored(RABBIT_3, 'osiris', '1.3.1', {
    needs: ['gen_batch_server-0.8.8', 'seshat-0.3.2'],
    files: {
      'src/osiris.app.src': applicationResource('osiris', '1.3.1', {
        applications: ['sasl', 'crypto', 'gen_batch_server', 'seshat'],
        mod: 'osiris_app',
      }),
    },
  }),
  vendored(RABBIT_4, 'osiris', '1.8.5', { needs: ['gen_batch_server-0.8.8', 'seshat-0.6.1'] }),
  vendored(RABBIT_3, 'recon', '2.5.2'),
  vendored(RABBIT_4, 'recon', '2.5.6'),
  vendored(RABBIT_3, 'observer_cli', '1.7.3', { needs: ['recon-2.5.2'] }),
  vendored(RABBIT_4, 'observer_cli', '1.7.5', { needs: ['recon-2.5.6'] }),
  vendored(RABBIT_3, 'getopt', '1.0.2'),
  vendored(RABBIT_4, 'getopt', '1.0.3'),
  vendored(RABBIT_3, 'cuttlefish', '3.0.1', { needs: ['getopt-1.0.2'] }),
  vendored(RABBIT_4, 'cuttlefish', '3.4.0', { needs: ['getopt-1.0.3'] }),
  vendored(RABBIT_3, 'credentials_obfuscation', '3.1.0'),
  vendored(RABBIT_4, 'credentials_obfuscation', '3.4.0'),
  vendored(RABBIT_3, 'jose', '1.11.1'),
  vendored(RABBIT_4, 'jose', '1.11.10'),
  vendored(RABBIT_3, 'jsx', '3.1.0'),
  vendored(RABBIT_3, 'quantile_estimator', '0.2.1'),
  vendored(RABBIT_3, 'prometheus', '4.9.1', { needs: ['quantile_estimator-0.2.1'] }),
  vendored(RABBIT_4, 'prometheus', '4.11.0', { needs: ['quantile_estimator-0.2.1'] }),
  vendored(RABBIT_3, 'ranch', '2.1.0', {
    files: {
      'src/ranch.app.src': applicationResource('ranch', '2.1.0', {
        applications: ['ssl'],
        mod: 'ranch_app',
        registered: ['ranch_server'],
      }),
    },
  }),
  vendored(RABBIT_3, 'cowlib', '2.9.1'),
  vendored(RABBIT_4, 'cowlib', '2.13.0', {
    files: { 'src/cowlib.app.src': applicationResource('cowlib', '2.13.0', { applications: ['crypto'] }) },
  }),
  vendored(RABBIT_3, 'cowboy', '2.8.0', { needs: ['cowlib-2.9.1', 'ranch-2.1.0'] }),
  vendored(RABBIT_4, 'cowboy', '2.12.0', {
    needs: ['cowlib-2.13.0', 'ranch-2.1.0'],
    files: {
      'src/cowboy.app.src': applicationResource('cowboy', '2.12.0', {
        applications: ['crypto', 'cowlib', 'ranch'],
        mod: 'cowboy_app',
        registered: ['cowboy_clock'],
      }),
    },
  }),
  packaged('p1_utils', '1.0.26', 'erlang-p1-utils_1.0.26.orig.tar.gz', {
    files: { 'rebar.config.script': null },
  }),
  packaged('stringprep', '1.0.30', 'erlang-p1-stringprep_1.0.30.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    files: native({ 'lib/stringprep': 'c_src/stringprep.cpp -lstdc++' }),
  }),
  packaged('stringprep', '1.0.34', 'erlang-p1-stringprep_1.0.34.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    files: native({ 'lib/stringprep': 'c_src/stringprep.cpp -lstdc++' }),
  }),
  packaged('fast_yaml', '1.0.37', 'erlang-p1-yaml_1.0.37.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    headers: ['yaml.h'],
    files: native({ 'lib/fast_yaml': 'c_src/fast_yaml.c -lyaml' }),
  }),
  packaged('fast_yaml', '1.0.40', 'erlang-p1-yaml_1.0.40.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    headers: ['yaml.h'],
    files: native({ 'lib/fast_yaml': 'c_src/fast_yaml.c -lyaml' }),
  }),
  ...['1.1.22', '1.1.26'].map((vsn) =>
    packaged('fast_tls', vsn, `erlang-p1-tls_${vsn}.orig.tar.gz`, {
      needs: ['p1_utils-1.0.26'],
      headers: ['openssl/ssl.h'],
      files: native({
        'lib/fast_tls': 'c_src/fast_tls.c c_src/ioqueue.c -lssl -lcrypto',
        'lib/p1_sha': 'c_src/p1_sha.c -lssl -lcrypto',
      }),
    }),
  ),
  packaged('cache_tab', '1.0.31', 'erlang-p1-cache-tab_1.0.31.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    files: native({ 'lib/ets_cache': 'c_src/ets_cache.c' }),
  }),
  packaged('mqtree', '1.0.17', 'erlang-p1-mqtree_1.0.17.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    files: native({ 'lib/mqtree': 'c_src/mqtree.c -lpthread' }),
  }),
  packaged('ezlib', '1.0.13', 'erlang-p1-zlib_1.0.13.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    headers: ['zlib.h'],
    files: native({ 'lib/ezlib': 'c_src/ezlib.c -lz' }),
  }),
  packaged('fast_xml', '1.1.55', 'erlang-p1-xml_1.1.55.orig.tar.gz', {
    needs: ['p1_utils-1.0.26'],
    headers: ['expat.h'],
    files: native(
      { 'lib/fxml': 'c_src/fxml.c', 'lib/fxml_stream': 'c_src/fxml_stream.c -lexpat' },
      '[debug_info, nowarn_export_all]',
    ),
  }),
  packaged('stun', '1.2.15', 'erlang-p1-stun_1.2.15.orig.tar.gz', {
    needs: ['fast_tls-1.1.22', 'p1_utils-1.0.26'],
    files: { 'rebar.config.script': null },
  }),
  packaged('esip', '1.0.56', 'erlang-p1-sip_1.0.56.orig.tar.gz', {
    needs: ['stun-1.2.15', 'fast_tls-1.1.22', 'p1_utils-1.0.26'],
    files: native({ 'lib/esip_drv': 'c_src/esip_codec.c' }, '[debug_info, {i, "include"}]'),
  }),
  packaged('jiffy', '1.1.2', 'erlang-jiffy_1.1.2.orig.tar.gz', {
    files: native({
      jiffy: '-Ic_src c_src/*.c c_src/*.cc c_src/double-conversion/*.cc -lstdc++',
    }),
  }),
  ...['1.1.20', '1.1.31'].map((vsn) =>
    packaged('p1_pgsql', vsn, `erlang-p1-pgsql_${vsn}.orig.tar.gz`, {
      needs: vsn === '1.1.31' ? ['xmpp-1.9.4'] : [],
      files: { 'rebar.config.script': null, 'rebar.config': '{erl_opts, [debug_info, {i, "include"}]}.\n' },
    }),
  ),
  packaged('unicode_util_compat', '0.7.0', 'erlang-unicode-util-compat_0.7.0.orig.tar.gz'),
  packaged('idna', '6.1.1', 'erlang-idna_6.1.1.orig.tar.gz', { needs: ['unicode_util_compat-0.7.0'] }),
  packaged('xmpp', '1.9.4', 'erlang-p1-xmpp_1.9.4.orig.tar.gz', {
    needs: [
      'p1_utils-1.0.26',
      'fast_xml-1.1.55',
      'fast_tls-1.1.22',
      'ezlib-1.0.13',
      'idna-6.1.1',
      'stringprep-1.0.30',
    ],
    files: native(
      {
        'lib/jid': 'c_src/jid.c',
        'lib/xmpp_uri': 'c_src/xmpp_uri.c',
        'lib/xmpp_lang': 'c_src/xmpp_lang.c',
      },
      '[debug_info, {src_dirs, ["asn1", "src"]}, nowarn_export_all, {i, "include"}, {i, "asn1"}]',
      'cd asn1 && erlc +noobj XmppAddr.asn1\n',
    ),
  }),
  packaged('goldrush', '0.2.0', 'erlang-goldrush_0.2.0.orig.tar.gz'),
  packaged('lager', '3.9.2', 'erlang-lager_3.9.2.orig.tar.gz', { needs: ['goldrush-0.2.0'] }),
  packaged('poolboy', '1.5.2', 'erlang-poolboy_1.5.2+dfsg.orig.tar.gz'),
  packaged('mochiweb', '3.5.0', 'mochiweb_3.5.0.orig.tar.gz'),
  packaged('luerl', '1.2.3', 'erlang-luerl_1.2.3.orig.tar.gz'),
]);

function index(libraries: readonly Library[]): Record<string, Library> {
  return Object.fromEntries(libraries.map((library) => [`${library.name}-${library.vsn}`, library]));
}

/** A library and all that it needs, each once. */
export function closure(keys: readonly string[]): Library[] {
  const found = new Map<string, Library>();
  const add = (key: string): void => {
    const library = LIBRARIES[key];
    if (library === undefined) throw new Error(`no library ${key}`);
    if (found.has(library.name)) return;
    found.set(library.name, library);
    for (const need of library.needs ?? []) add(need);
  };
  for (const key of keys) add(key);
  return [...found.values()];
}
