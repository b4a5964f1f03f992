import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileHashes } from '../support/file-hashes.js';
import { removeRuns, runAction } from '../support/action.js';
import { fails, failure, folder, keep, pathWith, removeKept } from '../support/failures.js';
import {
  libraryApplication,
  plainProject,
  projectRepository,
  rebarConfig,
  serverApplication,
} from '../support/projects.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';
import { smallDisk } from '../support/small-disk.js';

let repository: TestRepository;
/** The package of 1.0.0, as an earlier run would have made it. */
let archived: string;
beforeAll(async () => {
  repository = keep(plainProject());
  const first = keep(plainProject());
  first.git('checkout', '--quiet', '1.0.0');
  const run = await runAction({ workspace: first.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  archived = join(folder(), 'app-1.0.0.tar.gz');
  copyFileSync(run.outputs.tarball as string, archived);
});
afterAll(() => {
  removeRuns();
  removeKept();
});

test('no relx section: the text to paste', async () => {
  const without = keep(plainProject({ 'rebar.config': '{erl_opts, [debug_info]}.\n' }));
  const { message } = await fails(without);
  expect(message).toContain('The release could not be built at tag 1.1.0: rebar.config defines no release.');
  expect(message).toContain('{relx, [{release, {name, "1.0.0"}, [name, sasl]}, {mode, prod}]}.');
});

test('several release names: the input to set', async () => {
  const rest = '{release, {other, "1.1.0"}, [app, sasl]}, {dev_mode, false}, {include_erts, true}';
  const several = keep(plainProject({ 'rebar.config': rebarConfig('1.1.0', { relx: rest }) }));
  const { message } = await fails(several);
  expect(message).toContain('rebar.config defines releases with several names');
  expect(message).toContain('Set the input `release`');
});

test('a package that is cut off: the up-from package to give', async () => {
  const cut = join(folder(), 'cut.tar.gz');
  writeFileSync(cut, readFileSync(archived).subarray(0, 1_000_000));
  const { message } = await fails(repository, { 'upgrade-from': cut });
  expect(message).toContain('cut.tar.gz cannot be used as a release package:');
  expect(message).toContain('is damaged or incomplete.');
});

/** The package of 1.0.0 with changes. */
function changed(change: (tree: string) => void): string {
  const tree = folder();
  const path = join(folder(), 'changed.tar.gz');
  execFileSync('tar', ['xzf', archived, '-C', tree]);
  change(tree);
  execFileSync('tar', ['czf', path, '-C', tree, '.']);
  return path;
}

test('a package of another release: both names', async () => {
  const path = changed((tree) => {
    execFileSync('mv', [join(tree, 'releases/1.0.0/app.rel'), join(tree, 'releases/1.0.0/shop.rel')]);
    execFileSync('sed', ['-i', 's/{"app","1.0.0"}/{"shop","1.0.0"}/', join(tree, 'releases/1.0.0/shop.rel')]);
  });
  const { message, run } = await fails(repository, { 'upgrade-from': path });
  expect(message).toContain('The up-from release is shop 1.0.0, but the new one is app 1.1.0.');
  expect(run.outputs.verdict).toBe('refused');
});

test('a package for another machine: both machines (H12)', async () => {
  const path = changed((tree) => {
    const [erlexec = ''] = execFileSync('find', [tree, '-name', 'erlexec'], { encoding: 'utf8' }).split('\n');
    const program = readFileSync(erlexec);
    program.writeUInt16LE(22, 18);
    chmodSync(erlexec, 0o755);
    writeFileSync(erlexec, program);
  });
  const { message } = await fails(repository, { 'upgrade-from': path });
  expect(message).toMatch(
    /The up-from release app 1\.0\.0 was built for s390x, but the new one for (x86_64|aarch64)\./,
  );
});

test('a folder for temporary files that cannot be written to, or is none', async () => {
  const disk = smallDisk('ro');
  try {
    const { message } = await fails(repository, {}, { temp: disk.dir });
    expect(message).toMatch(/The folder for temporary files cannot be used: EROFS: read-only file system/);
    expect(message).toContain('RUNNER_TEMP');
  } finally {
    disk.remove();
  }
  const { message } = await fails(repository, {}, { env: { RUNNER_TEMP: '/dev/null' } });
  expect(message).toContain('The folder for temporary files cannot be used: ENOTDIR: not a directory');
});

test('a rebar3 that is killed: the sentence says so', async () => {
  const version = 'echo "rebar 3.24.0 on Erlang/OTP 27 Erts 15"';
  for (const [script, signal] of [
    [`case "$1" in version) ${version};; *) echo building; kill -9 $$;; esac`, 'a signal'],
    [`case "$1" in version) ${version};; *) sh -c 'kill -9 $$'; exit $?;; esac`, 'SIGKILL'],
  ] as const) {
    const env = { PATH: pathWith({ rebar3: script }) };
    const { message } = await fails(repository, {}, { env });
    expect(message).toContain(
      `The release could not be built at tag 1.1.0: rebar3 as prod tar was killed by ${signal}.`,
    );
    expect(message).toContain('memory ran out');
  }
});

test.each([
  [
    '{git, "file:///nowhere/dep", {tag, "1.0.0"}}',
    'a dependency could not be fetched: {git,"file:///nowhere/dep"',
  ],
  ['"1.0.0"', 'a dependency could not be fetched: nonesuch 1.0.0'],
])('a dependency that cannot be fetched is named: %s', async (source, reason) => {
  const rest = `{deps, [{nonesuch, ${source}}]}.`;
  const needy = keep(plainProject({ 'rebar.config': rebarConfig('1.1.0', { rest }) }));
  // No package registry is asked.
  const { message } = await fails(needy, {}, { env: { HEX_CDN: 'http://127.0.0.1:1' } });
  expect(message).toContain(`The release could not be built at tag 1.1.0: ${reason}`);
});

test('a lock file that the build changed is a warning, and stays as it was in the tree (H13)', async () => {
  const dependency = keep(TestRepository.create());
  dependency.write(libraryApplication('dep', '1.0.0', '1'));
  dependency.commit('dep');
  const rest = `{deps, [{dep, {git, "file://${dependency.dir}", {branch, "main"}}}]}.`;
  const locked = keep(
    projectRepository({
      '1.0.0': {
        'rebar.config': rebarConfig('1.0.0', { rest, applications: 'app, dep, sasl' }),
        'rebar.lock': '[].\n',
        ...serverApplication('app', '1.0.0', 'old'),
      },
    }),
  );
  const before = fileHashes(locked.dir);
  // Only for the default profile rebar3 writes it.
  const run = await runAction({ workspace: locked.dir, inputs: { upload: 'false', profile: 'default' } });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toMatch(
    /^::warning title=relup%3A lock-changed,file=rebar.lock::rebar3 changed rebar.lock/m,
  );
  expect(fileHashes(locked.dir)).toEqual(before);
});

test('a disk that is full while building', async () => {
  const disk = smallDisk('size=6m');
  try {
    const { message, run } = await fails(repository, {}, { temp: disk.dir });
    expect(message).toContain('no space left on the disk');
    expect(message).toContain('Free some space');
    expect(run.outputs).not.toHaveProperty('tarball');
  } finally {
    disk.remove();
  }
});

test('a disk that is full while packing: no package is left', async () => {
  const disk = smallDisk('size=400m');
  try {
    const before = fileHashes(repository.dir);
    let full = false;
    const run = await runAction({
      workspace: repository.dir,
      inputs: { upload: 'false' },
      // A run that fills the cache at its end keeps its worktrees till then: nothing becomes free meanwhile.
      env: { GITHUB_EVENT_NAME: 'schedule', GITHUB_REF_TYPE: 'branch' },
      temp: disk.dir,
      onOutput: (output) => {
        if (full || !output.includes('::group::Appups and relup')) return;
        full = true;
        // Enough for appups and relup, not for the package with its emulator.
        disk.fill(3_000_000);
      },
    });
    const { message } = failure(run);
    expect(message).toContain(`There is no space left on the disk of ${join(disk.dir, 'relup-action')}:`);
    expect(run.outputs).toMatchObject({
      version: '1.1.0',
      'up-from': '["1.0.0"]',
      'upgrade-kind': 'hot-unproven',
    });
    expect(run.outputs).not.toHaveProperty('tarball');
    expect(fileHashes(repository.dir)).toEqual(before);
    expect(existsSync(join(disk.dir, 'filler'))).toBe(true);
  } finally {
    disk.remove();
  }
});

test('GitHub Enterprise Server: said before anything is built, with what to do', async () => {
  const run = await runAction({
    workspace: repository.dir,
    env: { GITHUB_SERVER_URL: 'https://ghe.example' },
  });
  const { message } = failure(run);
  expect(message).toContain('The artifact service of GitHub Enterprise Server (ghe.example) lacks');
  expect(message).toContain('Set `upload: false`');
  expect(run.log).not.toContain('::group::');
  const without = await runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', 'upgrade-from': archived },
    env: { GITHUB_SERVER_URL: 'https://ghe.example' },
  });
  expect(without.exitCode, without.log).toBe(0);
});

test('a work tree without RUNNER_TEMP or a runner at all still builds', async () => {
  const tmp = temporaryFolder();
  try {
    const run = await runAction({
      workspace: repository.dir,
      inputs: { upload: 'false', 'upgrade-from': archived },
      env: {
        RUNNER_TEMP: undefined,
        TMPDIR: tmp,
        GITHUB_STEP_SUMMARY: undefined,
        GITHUB_EVENT_NAME: undefined,
      },
    });
    expect(run.exitCode, run.log).toBe(0);
    expect(run.outputs.tarball).toContain(tmp);
  } finally {
    rmSync(tmp, { recursive: true, force: true });
  }
});
