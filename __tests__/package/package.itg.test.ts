import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { chmod, cp, link, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackages } from '../../src/package/package.js';
import { verifyPackage } from '../../src/package/verify.js';
import type { Erlang } from '../../src/programs/erlang.js';
import type { Package } from '../../src/model/package.js';
import { writeTarball } from '../../src/shared/tarball.js';
import { buildHelloworld, type Helloworld } from './helloworld.js';
import { application, builtRelease } from '../support/releases.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

const MTIME = 1_700_000_000;

let dir: string;
let erlang: Erlang;

beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Member {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
}

const listed = (tarball: string) => erlang.query<Member[]>('tarball', [tarball], { flags: ['+fnu'] });
const pathsOf = ({ files }: Package) => files.map(({ path }) => path);
const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Member → header and content, read by tar-stream. */
async function membersOf(tarball: string): Promise<Map<string, Header & { text: string }>> {
  const members = new Map<string, Header & { text: string }>();
  const tar = createReadStream(tarball).pipe(createGunzip()).pipe(extract());
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    members.set(entry.header.name, { ...entry.header, text: Buffer.concat(chunks).toString('latin1') });
  }
  return members;
}

describe("rebar3's helloworld", () => {
  let world: Helloworld;
  let full: Package;
  let upgrade: Package;

  const make = (tree: string, folder: string) =>
    makePackages({
      tree,
      release: world.release,
      upFrom: [world.upFrom],
      makeUpgrade: true,
      folder: join(dir, folder),
      mtime: MTIME,
    });

  beforeAll(async () => {
    world = await buildHelloworld(dir, erlang);
    const packages = await make(world.release.root, 'out');
    expect(packages.findings).toEqual([]);
    full = packages.full;
    upgrade = packages.upgrade!;
  });

  it("the full package is rebar3's tarball plus relup, appup and the versioned .rel", async () => {
    const before = await membersOf(world.release.tarball);
    const after = await membersOf(full.path);
    const added = [
      'lib/helloworld-0.2.0/ebin/helloworld.appup',
      'releases/0.2.0/relup',
      'releases/helloworld-0.2.0.rel',
    ];
    expect([...after.keys()].sort()).toEqual([...before.keys(), ...added].sort());
    for (const [name, { text, mode, type, size }] of before) {
      // erl_tar also writes the file's type into the mode
      expect(after.get(name), name).toMatchObject({ text, mode: mode & 0o7777, type, size });
    }
    expect(after.get('releases/helloworld-0.2.0.rel')!.text).toBe(
      before.get('releases/helloworld.rel')!.text,
    );
  });

  it('the upgrade package is only what 0.1.0 lacks', () => {
    const versioned =
      /^(bin\/helloworld-0\.2\.0$|lib\/helloworld-0\.2\.0\/|releases\/0\.2\.0\/|releases\/helloworld[^/]*\.rel$)/;
    expect(pathsOf(upgrade)).toEqual(pathsOf(full).filter((path) => versioned.test(path)));
    expect(pathsOf(upgrade)).toEqual(
      expect.arrayContaining(['bin/helloworld-0.2.0', 'releases/0.2.0/relup', 'releases/helloworld.rel']),
    );
    expect(upgrade.size).toBeLessThan(full.size / 50);
  });

  it('every member is sorted, of one time, and owned by nobody in particular', async () => {
    for (const { path } of [full, upgrade]) {
      const headers = [...(await membersOf(path)).values()];
      expect(headers.length).toBeGreaterThan(10);
      for (const header of headers) {
        expect(header).toMatchObject({ uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(1000 * MTIME) });
      }
      const names = headers.map(({ name }) => name);
      expect(names).toEqual([...names].sort());
    }
  });

  it('digests and sizes are those of the files', () => {
    for (const made of [full, upgrade]) {
      expect(made.sha256).toBe(sha256(made.path));
      expect(made.size).toBe(readFileSync(made.path).length);
      for (const file of made.files.filter(({ path }) => path !== 'releases/helloworld-0.2.0.rel')) {
        expect(file).toMatchObject({ sha256: sha256(join(world.release.root, file.path)) });
      }
    }
  });

  it('another copy of the tree, written in another order and at another time, gives the same bytes', async () => {
    const copy = join(dir, 'copy');
    for (const path of pathsOf(full).reverse()) {
      if (path === 'releases/helloworld-0.2.0.rel') continue;
      await mkdir(join(copy, dirname(path)), { recursive: true });
      await cp(join(world.release.root, path), join(copy, path));
      await utimes(join(copy, path), 1, 1);
    }
    const again = await make(copy, 'again');
    expect(again.full.sha256).toBe(full.sha256);
    expect(again.upgrade!.sha256).toBe(upgrade.sha256);
    expect(again.full.files).toEqual(full.files);
  });

  it('both pass verification, as does a first release without an upgrade', async () => {
    await verifyPackage({ erlang, finished: full, release: world.release, upFrom: [world.upFrom] });
    await verifyPackage({ erlang, finished: upgrade, release: world.release, upFrom: [world.upFrom] });
    const first = await makePackages({
      tree: world.upFrom.root,
      release: world.upFrom,
      upFrom: [],
      makeUpgrade: false,
      folder: join(dir, 'first'),
      mtime: MTIME,
    });
    expect(first.upgrade).toBeUndefined();
    await verifyPackage({ erlang, finished: first.full, release: world.upFrom, upFrom: [] });
  });

  it('verification names what is missing', async () => {
    const tree = join(dir, 'incomplete');
    await cp(world.release.root, tree, { recursive: true });
    await rm(join(tree, 'releases/0.2.0/relup'));
    const { full: incomplete } = await make(tree, 'incomplete-out');
    await expect(
      verifyPackage({ erlang, finished: incomplete, release: world.release, upFrom: [world.upFrom] }),
    ).rejects.toThrow(
      `The package ${incomplete.path} is not as it should be: releases/0.2.0/relup is missing.`,
    );
  });

  it('verification sees a package that was damaged afterwards', async () => {
    const damaged = join(dir, 'damaged.tar.gz');
    const bytes = await readFile(full.path);
    bytes[Math.floor(bytes.length / 2)]! ^= 0x40;
    await writeFile(damaged, bytes);
    await expect(
      verifyPackage({
        erlang,
        finished: { ...full, path: damaged },
        release: world.release,
        upFrom: [world.upFrom],
      }),
    ).rejects.toThrow(`The archive ${damaged} is damaged or incomplete.`);
  });
});

describe('a tree of all sorts', () => {
  const LONG = `lib/hello-2/priv/${'a'.repeat(120)}/${'b'.repeat(120)}/${'ü'.repeat(60)}.txt`;
  const MIDDLE = `lib/hello-2/priv/${'c'.repeat(110)}`;
  const NEW_FILES: Record<string, string> = {
    'bin/hello': 'start 0.2.0',
    'bin/hello-0.2.0': 'start 0.2.0',
    'bin/nodetool': 'tool 2',
    'etc/app.conf': 'changed',
    'etc/new.conf': 'new',
    'etc/same.conf': 'same',
    'lib/hello-2/ebin/hello.app': 'app',
    'lib/hello-2/ebin/hello.appup': 'appup',
    'lib/same-1/ebin/same.app': 'app',
    'lib/same-1/priv/changed.txt': 'two',
    'lib/same-1/priv/nif.so': 'built again',
    'lib/same-1/priv/new.txt': 'new',
    'releases/0.2.0/hello.rel': 'rel',
    'releases/0.2.0/relup': 'relup',
    'releases/RELEASES': 'records',
    'releases/start_erl.data': '15.2.7 0.2.0',
    [LONG]: 'long',
    [MIDDLE]: 'middle',
    // of another version
    'bin/hello-0.1.0': 'start 0.1.0',
    'lib/hello-1/ebin/hello.app': 'old app',
    'releases/0.1.0/hello.rel': 'old rel',
    'releases/hello-0.1.0.tar.gz': 'old package',
  };
  const OLD_FILES: Record<string, string> = {
    'bin/hello': 'start 0.1.0',
    'bin/nodetool': 'tool 1',
    'etc/app.conf': 'original',
    'etc/same.conf': 'same',
    'lib/same-1/ebin/same.app': 'app',
    'lib/same-1/priv/changed.txt': 'one',
    'lib/same-1/priv/nif.so': 'built once',
  };
  let tree: string;

  async function write(root: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(root, dirname(path)), { recursive: true });
      await writeFile(join(root, path), text, { mode: path.startsWith('bin/hello') ? 0o755 : 0o640 });
    }
    return root;
  }

  const same = application('same', '1');
  const release = builtRelease('0.2.0', [same, application('hello', '2')]);

  async function packages(name: string) {
    const root = await write(join(dir, `${name}-0.1.0`), OLD_FILES);
    const upFrom = builtRelease('0.1.0', [same, application('hello', '1')], { root });
    const folder = join(dir, `${name}-out`);
    const made = await makePackages({
      tree,
      release,
      upFrom: [upFrom],
      makeUpgrade: true,
      folder,
      mtime: MTIME,
    });
    return { ...made, upgrade: made.upgrade!, upFrom };
  }

  beforeAll(async () => {
    tree = await write(join(dir, 'sorts'), NEW_FILES);
    await mkdir(join(tree, 'log'));
    await chmod(join(tree, 'log'), 0o750);
    await symlink('app.conf', join(tree, 'etc/link.conf'));
  });

  it('keeps links, empty folders, long and foreign names, for both packages and for erl_tar', async () => {
    const { full, upgrade, upFrom } = await packages('keep');
    for (const made of [full, upgrade]) {
      await verifyPackage({ erlang, finished: made, release, upFrom: [upFrom] });
      expect(await listed(made.path)).toEqual(
        expect.arrayContaining([
          { name: 'log', type: 'directory', size: 0, mode: 0o750 },
          { name: 'etc/link.conf', type: 'symlink', size: 0, mode: 0o777 },
          { name: LONG, type: 'file', size: 4, mode: 0o640 },
          { name: MIDDLE, type: 'file', size: 6, mode: 0o640 },
        ]),
      );
      const folder = join(dir, `keep-${made.kind}`);
      await erlang.query('unpack', [made.path, folder], { flags: ['+fnu'] });
      expect(readFileSync(join(folder, LONG), 'utf8')).toBe('long');
      expect(readFileSync(join(folder, 'bin/hello-0.2.0'), 'utf8')).toBe('start 0.2.0');
    }
  });

  it("leaves out other versions' files and names them", async () => {
    const { full, findings } = await packages('foreign');
    const own = Object.keys(NEW_FILES).filter(
      (path) => !/hello-0\.1\.0|hello-1\/|releases\/0\.1\.0/.test(path),
    );
    expect(pathsOf(full).sort()).toEqual([...own, 'releases/hello-0.2.0.rel'].sort());
    const left = findings
      .filter(({ id }) => id === 'foreign-file-left-out')
      .map(({ message }) => message.split(' ')[0]);
    expect(left.sort()).toEqual([
      'bin/hello-0.1.0',
      'lib/hello-1/',
      'releases/0.1.0/',
      'releases/hello-0.1.0.tar.gz',
    ]);
  });

  it('warns of files that an upgrade cannot replace, and packs those that it can add', async () => {
    const { upgrade, findings } = await packages('kept');
    expect(pathsOf(upgrade)).toEqual(
      ['bin/hello-0.2.0', 'etc/new.conf', 'lib/hello-2/ebin/hello.app', 'lib/hello-2/ebin/hello.appup']
        .concat(LONG, MIDDLE)
        .concat('lib/same-1/priv/new.txt', 'releases/0.2.0/hello.rel', 'releases/0.2.0/relup')
        .concat('releases/hello-0.2.0.rel'),
    );
    expect(findings.filter(({ severity }) => severity === 'warning')).toEqual([
      {
        id: 'unversioned-file-changed',
        severity: 'warning',
        message:
          'etc/app.conf differs from the one in 0.1.0, and an upgrade does not replace it, because release_handler keeps files that exist.',
        remedy:
          "Put it below releases/{{release_version}}/ in the overlay, or into an application's priv folder.",
      },
      {
        id: 'application-file-changed',
        severity: 'warning',
        application: 'same',
        message:
          'lib/same-1/priv/changed.txt differs from the one in 0.1.0, and an upgrade does not replace it, because same is still version 1.',
        remedy: 'Give same a new version (vsn in its .app.src).',
      },
      // not native code, whatever its name says
      expect.objectContaining({
        message: expect.stringContaining('lib/same-1/priv/nif.so differs') as string,
      }),
    ]);
  });

  it('names for each up-from release what the upgrade package holds and it keeps', async () => {
    const without = Object.entries(OLD_FILES).filter(([path]) => path !== 'etc/app.conf');
    const lacks = await write(join(dir, 'lacks'), Object.fromEntries(without));
    const has = await write(join(dir, 'has'), OLD_FILES);
    const upFrom = [
      builtRelease('0.1.0', [same, application('hello', '1')], { root: has }),
      builtRelease('0.0.9', [same, application('hello', '1')], { root: lacks }),
    ];
    const folder = join(dir, 'keeps');
    const made = await makePackages({ tree, release, upFrom, makeUpgrade: true, folder, mtime: MTIME });
    expect(pathsOf(made.upgrade!)).toContain('etc/app.conf');
    expect(made.keeps).toEqual({ '0.1.0': ['etc/app.conf'] });
  });

  it.each([
    ['an absolute target', '/etc/passwd'],
    ['a target above', '../bin/hello'],
  ])('refuses a link with %s and names it', async (_, target) => {
    const path = join(tree, 'etc/bad.conf');
    await symlink(target, path);
    try {
      await expect(packages('link')).rejects.toThrow(
        `The symbolic link etc/bad.conf points to ${target}, which release_handler does not unpack.`,
      );
    } finally {
      await rm(path);
    }
  });

  it('packs files that are hard links of each other as files', async () => {
    const path = join(tree, 'etc/twin.conf');
    await link(join(tree, 'etc/new.conf'), path);
    try {
      const { full } = await packages('twin');
      expect(await listed(full.path)).toContainEqual({
        name: 'etc/twin.conf',
        type: 'file',
        size: 3,
        mode: 0o640,
      });
    } finally {
      await rm(path);
    }
  });

  it.each([1, 5_000_000])('leaves no tarball behind when a file of %d bytes cannot be read', async (size) => {
    const missing = join(dir, 'missing');
    const tarball = join(dir, 'unfinished.tar.gz');
    const entries = [
      { path: 'a', source: join(tree, 'etc/new.conf'), type: 'file' as const, size: 3, mode: 0o644 },
      { path: 'b', source: missing, type: 'file' as const, size, mode: 0o644 },
    ];
    await expect(writeTarball(tarball, entries, MTIME)).rejects.toThrow(`open '${missing}'`);
    expect(existsSync(tarball)).toBe(false);
  });

  it('says so when the tarball cannot be written', async () => {
    const entries = [
      { path: 'a', source: join(tree, 'etc/new.conf'), type: 'file' as const, size: 3, mode: 0o644 },
    ];
    const nowhere = join(dir, 'nowhere/hello.tar.gz');
    await expect(writeTarball(nowhere, entries, MTIME)).rejects.toThrow(`open '${nowhere}'`);
  });
});
