import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Erlang } from '../../src/programs/erlang.js';
import type { BuiltRelease, ReleaseApplication } from '../../src/model/release.js';
import { application } from '../support/releases.js';
import { builtHelloworld } from '../support/helloworld-package.js';

/** Both versions of examples/helloworld, built by the machine's rebar3, with relup and appup in the new one's tree. */
export interface Helloworld {
  readonly upFrom: BuiltRelease & { readonly tarball: string };
  readonly release: BuiltRelease & { readonly tarball: string };
}

export async function buildHelloworld(dir: string, erlang: Erlang): Promise<Helloworld> {
  const built = await builtHelloworld();
  const [upFrom, release] = await Promise.all([
    unpack(dir, '0.1.0', built.oldTarball, erlang),
    unpack(dir, '0.2.0', built.newTarball, erlang),
  ]);
  copyFileSync(
    join(built.folder, '0.2.0/src/helloworld.appup.src'),
    join(release.root, 'lib/helloworld-0.2.0/ebin/helloworld.appup'),
  );
  makeRelup(upFrom.root, release.root);
  return { upFrom, release };
}

async function unpack(
  dir: string,
  version: string,
  tarball: string,
  erlang: Erlang,
): Promise<Helloworld['release']> {
  const root = join(dir, `tree-${version}`);
  await erlang.query('unpack', [tarball, root]);
  const { erts, applications } = readRel(join(root, `releases/${version}/helloworld.rel`));
  return {
    root,
    name: 'helloworld',
    version,
    erts,
    includesErts: true,
    applications,
    source: { kind: 'tarball', path: tarball },
    tarball,
  };
}

function readRel(file: string): { erts: string; applications: ReleaseApplication[] } {
  const text = erl(
    `{ok, [{release, _, {erts, Erts}, Apps}]} = file:consult("${file}"),
     [io:format("~s ~s~n", [element(1, App), element(2, App)]) || App <- [{erts, Erts} | Apps]]`,
  );
  const [erts, ...applications] = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  return { erts: erts![1], applications: applications.map(([name, version]) => application(name, version)) };
}

function makeRelup(upFrom: string, release: string): void {
  const rel = (root: string, version: string) => `"${root}/releases/${version}/helloworld"`;
  const from = rel(upFrom, '0.1.0');
  erl(
    `{ok, _, _, []} = systools:make_relup(${rel(release, '0.2.0')}, [${from}], [${from}],
       [{path, filelib:wildcard("${upFrom}/lib/*/ebin") ++ filelib:wildcard("${release}/lib/*/ebin")},
        {outdir, "${release}/releases/0.2.0"}, silent])`,
  );
}

/** Evaluates expressions in a fresh emulator, which must end well; no crash dump is left when it does not. */
export function erl(
  expressions: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): string {
  return execFileSync('erl', ['-noinput', ...args, '-eval', `${expressions}, halt().`], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...env, ERL_CRASH_DUMP_BYTES: '0' },
  });
}
