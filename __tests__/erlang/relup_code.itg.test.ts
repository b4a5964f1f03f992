import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCode, type BeamCode } from '../../src/node/code-digests.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: SharedErlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Source {
  /** Below the test's folder: the folder of the application. */
  readonly folder: string;
  readonly body: string;
  /** Compiler options as Erlang text. */
  readonly options?: string;
}

/** Compiles the module `shop` as rebar3 does, by its absolute path, and reads its code back. */
async function codeOf({ folder, body, options = '' }: Source): Promise<BeamCode> {
  const root = join(dir, folder);
  const beam = join(dir, `${count++}`, 'shop.beam');
  for (const path of [join(root, 'src'), join(root, 'include'), join(beam, '..')]) {
    mkdirSync(path, { recursive: true });
  }
  const source = join(root, 'src/shop.erl');
  writeFileSync(join(root, 'include/shop.hrl'), 'in_header() -> ?FILE.\n');
  writeFileSync(source, `-module(shop).\n-compile([export_all, nowarn_export_all]).\n${body}\n`);
  const compile = `{ok, shop} = compile:file(${JSON.stringify(source)}, [{outdir, ${JSON.stringify(join(beam, '..'))}}, ${options}{i, ${JSON.stringify(join(root, 'include'))}}])`;
  await erlang.evaluate(compile);
  const code = (await readCode(erlang, [beam], dir))[beam];
  if (code == null) throw new Error('it is no beam');
  return code;
}

/** The same source in two folders. */
function twice(body: string, options?: string): Promise<BeamCode[]> {
  const more = options === undefined ? {} : { options };
  return Promise.all(['one', 'a/longer place'].map((folder) => codeOf({ folder, body, ...more })));
}

const PATHS = {
  'a log macro': '-include_lib("kernel/include/logger.hrl").\nf(X) -> ?LOG_INFO("~p", [X]).',
  'an assertion': '-include_lib("stdlib/include/assert.hrl").\nf(X) -> ?assert(X), ?FILE.',
  'a binary, a tuple, a map and an improper list': 'f() -> {<<?FILE>>, #{?FILE => [1, 2 | {?FILE}]}}.',
  'a fun': 'f(X) -> fun(Y) -> {X, Y, ?FILE} end.',
  'a header': '-include("shop.hrl").',
};

describe('the digest of code', () => {
  for (const [what, body] of Object.entries(PATHS)) {
    it(`does not know the folder of ${what}`, async () => {
      const [one, other] = await twice(body);
      expect(one?.md5).not.toBe(other?.md5);
      expect(one?.digest).toBe(other?.digest);
      expect(one?.digest).not.toBe(one?.md5);
    });
  }

  it('does not know the folder within a longer text either', async () => {
    const body = 'f() -> "in " ?FILE ", line 3".';
    const [one, other] = await Promise.all(['one', 'other'].map((folder) => codeOf({ folder, body })));
    expect(one?.digest).toBe(other?.digest);
  });

  it('is the same with debug information, compressed, and without', async () => {
    const codes = await Promise.all(
      ['', 'debug_info, ', 'compressed, '].map((options) =>
        codeOf({ folder: `options-${options.length}`, body: PATHS['a log macro'], options }),
      ),
    );
    expect(new Set(codes.map(({ digest }) => digest)).size).toBe(1);
  });

  it('is the MD5 where no path is in the code', async () => {
    const [one, other] = await twice('f() -> {"/etc/shop", <<"shop.erl">>, "src/shop.erl"}.');
    expect(one?.digest).toBe(one?.md5);
    expect(other).toEqual(one);
  });

  it('is another one when anything but the folder differs', async () => {
    const bodies = [
      'f() -> {?FILE, 1, "/etc/shop"}.',
      'f() -> {?FILE, 2, "/etc/shop"}.',
      'f() -> {?FILE, 1, "/opt/shop"}.',
      'f() -> {?FILE, 1, "/etc/shop", "shop"}.',
      'f() -> {?FILE, 1, "/etc/shop"}. g() -> ok.',
      '\nf() -> {?FILE, ?LINE, "/etc/shop"}.',
    ];
    const codes = await Promise.all(bodies.map((body, index) => codeOf({ folder: `place-${index}`, body })));
    expect(new Set(codes.map(({ digest }) => digest)).size).toBe(bodies.length);
  });

  it('is none for what is no beam or is not there', async () => {
    const file = join(dir, 'text.beam');
    writeFileSync(file, 'no beam');
    expect(await readCode(erlang, [file, join(dir, 'absent.beam')], dir)).toEqual({
      [file]: null,
      [join(dir, 'absent.beam')]: null,
    });
  });
});

/** What the compiler puts into the code itself cannot be masked, but the name of the folder that all was built in can. */
it('knows the folder that was compiled in, when it is told', async () => {
  const digests = [await packed('1111'), await packed('2222')];
  expect(digests[0]?.modules).toEqual(digests[1]?.modules);
  expect(digests[0]?.md5s).not.toEqual(digests[1]?.md5s);
});

it('knows all folders that code was compiled in, as with dependencies that another build made', async () => {
  const [own, taken] = [await packed('3333'), await packed('4444', '3333')];
  expect(taken?.modules).toEqual(own?.modules);
  expect(taken?.md5s).not.toEqual(own?.md5s);
});

interface Described {
  readonly applications: { modules: Record<string, string>; md5s: Record<string, string> }[];
}

async function packed(
  name: string,
  mentioned = name,
): Promise<Described['applications'][number] | undefined> {
  const folder = join('builds', name);
  const root = join(dir, `release-${name}`);
  mkdirSync(join(root, 'lib/shop-1/ebin'), { recursive: true });
  mkdirSync(join(root, 'releases/1'), { recursive: true });
  const place = JSON.stringify(join(dir, 'builds', mentioned, 'priv/table'));
  await codeOf({ folder, body: `f(X) -> {<<?FILE, X/binary>>, ${place}}.` });
  execFileSync('cp', [join(dir, `${count - 1}`, 'shop.beam'), join(root, 'lib/shop-1/ebin')]);
  writeFileSync(join(root, 'releases/start_erl.data'), '13.0 1');
  writeFileSync(join(root, 'releases/1/a.rel'), '{release,{"a","1"},{erts,"13.0"},[{shop,"1"}]}.');
  const tarball = join(dir, `${name}.tar.gz`);
  execFileSync('tar', ['-czf', tarball, 'lib', 'releases'], { cwd: root });
  const target = join(dir, `unpacked-${name}`);
  mkdirSync(target);
  const args = [tarball, target, ...new Set([name, mentioned].map((one) => join(dir, 'builds', one)))];
  return (await erlang.query<Described>('describe-package', args)).applications[0];
}
