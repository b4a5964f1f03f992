import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCode } from '../../src/node/code-digests.js';
import { compareWithPackage, installedPath, type ComparisonInput } from '../../src/node/package-files.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { temporaryFolder } from '../support/repository.js';
import { application, webManifest } from '../support/snapshot.js';
import { sharedErlang } from '../support/shared-erlang.js';

let folder: string;
let root: string;
let erlang: Erlang;
/** The same code twice, with other bytes, and other code. */
let beams: { plain: Buffer; debug: Buffer; other: Buffer };
let md5: string;

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
  const compile = (code: string, ...options: string[]) => {
    writeFileSync(join(folder, 'web.erl'), code);
    execFileSync('erlc', [...options, 'web.erl'], { cwd: folder });
    return readFileSync(join(folder, 'web.beam'));
  };
  const code = '-module(web). -export([f/0]). f() -> 1.';
  beams = {
    other: compile(code.replace('1', '2')),
    debug: compile(code, '+debug_info'),
    plain: compile(code),
  };
  const file = join(folder, 'web.beam');
  md5 = (await readCode(erlang, [file], folder))[file]?.digest ?? '';
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  root = join(folder, 'root');
  rmSync(root, { recursive: true, force: true });
});

function put(files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

function compare(files: Record<string, string | Buffer>, more: Partial<ComparisonInput> = {}) {
  const input = {
    erlang,
    deployRoot: root,
    privateFolder: folder,
    manifest: webManifest({ applications: [application('web', '2', { web: md5 })] }),
    upgradePackage: {
      path: 'unused',
      sha256: 'unused',
      files: Object.entries(files).map(([path, content]) => ({
        path,
        size: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      })),
    },
  };
  return compareWithPackage({ ...input, ...more }, '1');
}

describe('compareWithPackage', () => {
  it('finds nothing where everything is the same', async () => {
    const files = { 'lib/web-2/ebin/web.app': 'app', 'releases/2/start.boot': 'boot' };
    put(files);
    expect(await compare(files)).toEqual({ missing: [], differing: [] });
  });

  it('tells what is missing from what differs, also where a file is in the way of a folder', async () => {
    put({ 'lib/web-2': 'a file', 'releases/2/start.boot': 'old' });
    const comparison = await compare({
      'lib/web-2/ebin/web.app': 'app',
      'releases/2/start.boot': 'new',
      'releases/2/relup': 'relup',
    });
    expect(comparison).toEqual({
      missing: ['releases/2/relup'],
      differing: ['lib/web-2/ebin/web.app', 'releases/2/start.boot'],
    });
  });

  it('compares beams by module MD5: other bytes of the same code are the same', async () => {
    const path = 'lib/web-2/ebin/web.beam';
    expect(beams.debug.equals(beams.plain)).toBe(false);
    put({ [path]: beams.debug });
    expect(await compare({ [path]: beams.plain })).toEqual({ missing: [], differing: [] });
    put({ [path]: beams.other });
    expect(await compare({ [path]: beams.plain })).toEqual({ missing: [], differing: [path] });
    put({ [path]: 'no beam at all' });
    expect(await compare({ [path]: beams.plain })).toEqual({ missing: [], differing: [path] });
  });

  it('leaves out what is on the node with other content for good reason', async () => {
    const paths = [
      'releases/RELEASES',
      'releases/start_erl.data',
      'releases/web.rel',
      'bin/web',
      'bin/nodetool',
    ];
    const rendered = { 'releases/2/sys.config': 'x', 'releases/2/sys.config.src': 'template' };
    put({ ...Object.fromEntries(paths.map((path) => [path, 'on the node'])), ...rendered });
    const files = { ...Object.fromEntries(paths.map((path) => [path, 'packaged'])), ...rendered };
    expect(await compare({ ...files, 'releases/2/sys.config': 'y' })).toEqual({ missing: [], differing: [] });
  });

  it('leaves out what the packager told that the release that runs keeps', async () => {
    const path = 'etc/motd';
    put({ [path]: 'old', 'etc/other': 'old' });
    const manifest = webManifest({ applications: [] });
    const upFrom = manifest.upFrom.map((release) => ({ ...release, keeps: [path] }));
    const files = { [path]: 'new', 'etc/other': 'new' };
    expect(await compare(files, { manifest: { ...manifest, upFrom } })).toEqual({
      missing: [],
      differing: ['etc/other'],
    });
  });

  it('leaves out what is as the release that runs has it, but for its code', async () => {
    const runsFrom = join(folder, 'runs');
    const beam = 'lib/web-2/ebin/web.beam';
    for (const [path, text] of Object.entries({ 'etc/motd': 'old', 'etc/other': 'old', [beam]: 'old' })) {
      mkdirSync(dirname(join(runsFrom, path)), { recursive: true });
      writeFileSync(join(runsFrom, path), text);
    }
    put({ 'etc/motd': 'old', 'etc/other': 'edited', [beam]: 'old' });
    const files = { 'etc/motd': 'new', 'etc/other': 'new', [beam]: beams.plain };
    expect((await compare(files, { runsFrom })).differing).toEqual(['etc/other', beam]);
  });

  it('looks for the release resource file where unpacking puts it', () => {
    const manifest = webManifest();
    expect(installedPath('releases/web-2.rel', manifest)).toBe('releases/2/web-2.rel');
    expect(installedPath('releases/2/relup', manifest)).toBe('releases/2/relup');
  });
});
