import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/repository.js';
import { NEW, OLD, Packages, sourcesOf } from './packages.js';

/** Edits a copy of the sources of a version. */
export type Change = (sources: Sources) => void;

export class Sources {
  constructor(readonly dir: string) {}

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.dir, file);
    const text = readFileSync(path, 'utf8');
    const changed = change(text);
    if (changed === text) throw new Error(`Nothing was changed in ${file}.`);
    writeFileSync(path, changed);
  }
}

/** Packages of webcounter that is built in another way; the caller removes their folder. */
export async function buildVariant(change: Change): Promise<Packages> {
  const packages = new Packages(temporaryFolder('relup-faults-variant-'));
  const dir = temporaryFolder('relup-faults-sources-');
  for (const [version, from] of [[OLD], [NEW, OLD]] as const) {
    const sources = join(dir, version);
    cpSync(sourcesOf(version), sources, { recursive: true });
    change(new Sources(sources));
    await packages.build(version, sources, from);
  }
  rmSync(dir, { recursive: true, force: true });
  return packages;
}

/** With ssl, a certificate, and an option file for distribution that names it by a relative path. */
export function withTls(sources: Sources): void {
  const pem = (name: string) => join(sources.dir, 'config', name);
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=webcounter'];
  execFileSync('openssl', [...request, '-keyout', pem('key.pem'), '-out', pem('cert.pem')], {
    stdio: 'ignore',
  });
  const server = '[{certfile, "etc/cert.pem"}, {keyfile, "etc/key.pem"}]';
  writeFileSync(pem('dist.conf'), `[{server, ${server}}, {client, [{verify, verify_none}]}].\n`);
  const copies = ['key.pem', 'cert.pem', 'dist.conf'].map(
    (name) => `{copy, "config/${name}", "etc/${name}"}`,
  );
  sources.edit('rebar.config', (text) =>
    text
      .replace('[webcounter, sasl]', '[ssl, webcounter, sasl]')
      .replace('{mode, dev}', `{overlay, [${copies.join(', ')}]}, {mode, dev}`),
  );
}

/** With an epmd module that knows one port only. */
export function withEpmdModule(sources: Sources, port: number): void {
  const text = `-module(fixed_port).
-export([start_link/0, register_node/2, register_node/3, listen_port_please/2, port_please/2, port_please/3]).
-export([address_please/3, names/1]).
start_link() -> ignore.
register_node(_, _) -> {ok, 1}.
register_node(_, _, _) -> {ok, 1}.
listen_port_please(_, _) -> {ok, ${port}}.
port_please(_, _) -> {port, ${port}, 5}.
port_please(_, _, _) -> {port, ${port}, 5}.
address_please(_, _, _) -> {ok, {127,0,0,1}, ${port}, 5}.
names(_) -> {error, address}.
`;
  writeFileSync(join(sources.dir, 'src/fixed_port.erl'), text);
}

/**
 * Converting the counter's state takes as many seconds as the node's environment says, and fails as long as there is the file that
 * it names.
 */
export function withTroubledConversion(sources: Sources): void {
  if (!readFileSync(join(sources.dir, 'rebar.config'), 'utf8').includes(`"${NEW}"`)) return;
  sources.edit('src/webcounter_counter.erl', (text) =>
    text.replace(
      'code_change(_Vsn, {state, Total}, _Extra) ->',
      `code_change(_Vsn, {state, Total}, _Extra) ->
    timer:sleep(1000 * list_to_integer(os:getenv("CONVERSION_SECONDS", "0"))),
    false = filelib:is_file(os:getenv("CONVERSION_FAILS", "none")),`,
    ),
  );
}
