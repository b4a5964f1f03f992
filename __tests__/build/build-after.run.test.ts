import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import * as core from '@actions/core';
import { buildAll, type Builds } from '../../src/build/build.js';
import type { BuildOptions } from '../../src/build/provide.js';
import type { Refs } from '../../src/model/refs.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { Git } from '../../src/programs/git.js';
import { Workspace } from '../../src/shared/workspace.js';
import { fileHashes } from '../support/file-hashes.js';
import { libraryApplication, rebarConfig, serverApplication } from '../support/projects.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

vi.mock(import('@actions/core'), async (original) => ({ ...(await original()), info: vi.fn() }));

/** Enough text for the other build to be worth waiting for, and none for the compiler. */
const LONG = `%${'x'.repeat(99)}\n`.repeat(3000);

const dep = libraryApplication('dep', '1.0.0', 'one');

let dir: string;
let erlang: Erlang;
let repository: TestRepository;
let refs: Refs;
let broken: string;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
  const library = TestRepository.create(join(dir, 'dep')).write(dep);
  const ref = library.commit('1');
  repository = TestRepository.create(join(dir, 'project'));
  const version = (vsn: string, files: Readonly<Record<string, string>>): string => {
    repository.write({
      '.gitignore': '_build/\nsrc/generated.erl\n',
      'rebar.config': rebarConfig(vsn, {
        applications: 'app, lib, dep, sasl',
        rest: `{deps, [{dep, {git, "file://${library.dir}", {branch, "main"}}}]}.`,
      }),
      'rebar.lock': `[{<<"dep">>,{git,"file://${library.dir}",{ref,"${ref}"}},0}].\n`,
      ...serverApplication('app', vsn, `{${vsn === '1.0.0' ? 'old' : 'new'}, ?FILE}`, 'apps/app/'),
      ...libraryApplication('lib', '1.0.0', '{?MODULE, ?FILE}', 'apps/lib/'),
      'apps/lib/src/lib_long.erl': `-module(lib_long).\n-export([file/0]).\n-include("lib.hrl").\nfile() -> {?A, ?FILE}.\n${LONG}`,
      'apps/lib/include/lib.hrl': '-define(A, 1).\n',
      // the same file in all versions, but not the same code
      'apps/app/src/app_header.erl':
        '-module(app_header).\n-export([version/0]).\n-include("app.hrl").\nversion() -> ?VERSION.\n',
      'apps/app/include/app.hrl': `-define(VERSION, "${vsn}").\n`,
      'apps/lib/src/generated.xrl': 'Definitions.\nRules.\n[a-z]+ : {token, TokenChars}.\nErlang code.\n',
      ...files,
    });
    return repository.commit(vsn);
  };
  broken = version('0.9.0', { 'apps/app/src/app_broken.erl': '-module(app_broken).\nno\n' });
  repository.git('rm', '--quiet', 'apps/app/src/app_broken.erl');
  const old = version('1.0.0', { 'apps/lib/src/lib_gone.erl': '-module(lib_gone).\n' });
  repository.git('rm', '--quiet', 'apps/lib/src/lib_gone.erl');
  const newCommit = version('1.1.0', { 'apps/app/src/app_more.erl': '-module(app_more).\n' });
  refs = {
    ...{ newRef: '1.1.0', newCommit, newTag: '1.1.0', candidates: [], reason: '', notes: [] },
    upFrom: [{ kind: 'ref', ref: '1.0.0', commit: old }],
  };
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.mocked(core.info).mockClear();
});

let count = 0;
async function build(
  cache: BuildOptions['cache'],
  versions = refs,
): Promise<{ builds: Builds; said: string }> {
  const workspace = await Workspace.open(join(dir, `run-${count++}`));
  const git = await Git.open(repository.dir, await workspace.folder('git'));
  const context = { git, erlang, workspace, profile: 'prod', prepare: '', projectPath: '' };
  const toolchain = { otpRelease: '0', otpVersion: '0', erts: '0', rebar3: '0', libc: '', architecture: '' };
  const builds = await buildAll({ context, toolchain, cache }, versions);
  const said = vi.mocked(core.info).mock.calls.join('\n');
  return { builds, said };
}

const SHARED = '1.0.0: 3 modules are the same as in the new version, compiled once for both';

function upFrom({ upFrom: [release] }: Builds) {
  if (release === undefined) throw new Error('there is one');
  const { name, version, erts, includesErts, applications, root } = release;
  // the loader's MD5s know the folder
  const code = applications.map((application) => ({ ...application, md5s: undefined }));
  return { name, version, erts, includesErts, applications: code, root };
}

/** Beams know where they were compiled; what is in them is compared by their digests. */
const otherFiles = (root: string): Record<string, string> =>
  Object.fromEntries(Object.entries(fileHashes(root)).filter(([path]) => !path.endsWith('.beam')));

test('a version that is built after the new one, with its modules, is the same as one that is built from nothing', async () => {
  const alone = await build('off');
  expect(alone.said).not.toContain('modules are the same');
  vi.mocked(core.info).mockClear();
  const after = await build('auto');
  expect(after.said).toContain(SHARED);
  // while the new version was still assembled and packed
  expect(after.said).toMatch(/1\.0\.0: the same dependencies[^]*Tarball successfully created/);
  const [one, other] = [upFrom(alone.builds), upFrom(after.builds)];
  expect({ ...other, root: '' }).toEqual({ ...one, root: '' });
  expect(otherFiles(other.root)).toEqual(otherFiles(one.root));
  const modules = one.applications.flatMap(({ name, modules: all }) =>
    ['app', 'lib', 'dep'].includes(name) ? Object.keys(all) : [],
  );
  expect(modules.sort()).toEqual(
    ['app', 'app_app', 'app_header', 'dep', 'generated', 'lib', 'lib_gone', 'lib_long'].sort(),
  );
  // each in its own place again, with what belongs to it
  const {
    assembly,
    upFrom: [release],
  } = after.builds;
  expect(readFileSync(join(assembly.projectDir, 'apps/app/src/app.app.src'), 'utf8')).toContain('1.1.0');
  const source = release?.source;
  if (source?.kind !== 'ref') throw new Error('it is built from a ref');
  expect(readFileSync(join(source.projectDir, 'apps/app/src/app.app.src'), 'utf8')).toContain('1.0.0');
  expect(fileHashes(join(source.buildDir, 'lib/lib/ebin'))['lib_gone.beam']).toBeDefined();
  // and what no later step reads
  const { now, planned, packed } = after.builds.unused;
  expect(now).toEqual([join(source.buildDir, 'rel', one.name)]);
  expect(planned).toEqual([source.projectDir]);
  expect(packed).toEqual([assembly.projectDir]);
});

test('which is not done for a release that goes into the cache', async () => {
  const event = join(dir, 'event.json');
  writeFileSync(event, '{"repository": {"default_branch": "main"}}');
  const variables = { GITHUB_EVENT_NAME: 'push', GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' };
  for (const [name, value] of Object.entries({ ...variables, GITHUB_EVENT_PATH: event }))
    vi.stubEnv(name, value);
  expect((await build('auto')).said).not.toContain('modules are the same');
});

test('and if it does not build so, it is built from nothing', async () => {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'rebar3'),
    `#!/bin/sh\n[ -e _build/prod/lib/lib ] && [ ! -e _build/prod/rel ] && { echo "no room"; exit 1; }\nPATH='${process.env.PATH}' exec rebar3 "$@"\n`,
  );
  chmodSync(join(bin, 'rebar3'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
  const { builds, said } = await build('auto');
  expect(said).toContain(SHARED);
  expect(said).toMatch(/1\.0\.0: all of it is compiled, as it did not build otherwise \(.*1\.0\.0.*\)/);
  expect(upFrom(builds).version).toBe('1.0.0');
});

test('what does not compile is told of the version that it is in', async () => {
  const commit = broken;
  await expect(build('auto', { ...refs, upFrom: [{ kind: 'ref', ref: '0.9.0', commit }] })).rejects.toThrow(
    /could not be built at 0\.9\.0/,
  );
  expect(vi.mocked(core.info).mock.calls.join('\n')).toContain('0.9.0: all of it is compiled');
});
