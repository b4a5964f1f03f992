import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeployFolder, openDeployFolder } from '../../../src/deploy/session/deploy-folder.js';
import { Journal } from '../../../src/deploy/session/journal.js';
import type { Attempt } from '../../../src/model/deploy.js';
import { entryText } from '../../../src/model/deploy.js';
import { temporaryFolder } from '../../support/repository.js';

const attempt: Attempt = {
  name: 'web',
  version: '2',
  from: '1',
  packageSha256: 'abc',
  wasRegistered: false,
  footprint: {
    absent: ['lib/web-2'],
    saved: [{ path: 'releases/RELEASES', copy: '.relup-action/before/a', uid: 0, gid: 0, mode: 0o644 }],
  },
};

let root: string;
let folder: DeployFolder;
let file: string;

beforeEach(async () => {
  root = temporaryFolder();
  folder = await openDeployFolder(root, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
  file = join(root, '.relup-action/journal.jsonl');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function written(): Promise<Journal> {
  const journal = await Journal.open(folder);
  await journal.begin(attempt);
  await journal.write({ step: 'unpack' });
  return journal;
}

describe('a journal', () => {
  it('is for the owner only, and tells the next run what was begun', async () => {
    await written();
    expect(statSync(join(root, '.relup-action')).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const journal = await Journal.open(folder);
    expect(journal.unfinished).toEqual(attempt);
    expect(journal.last?.step).toBe('unpack');
    expect(journal.has('install')).toBe(false);
    expect(journal.entries.map((entry) => entryText(entry).slice(9))).toEqual(['begin: web 1 → 2', 'unpack']);
  });

  it('is at its end after that entry, and the next deploy keeps it for people', async () => {
    await (await written()).write({ step: 'end', nodeState: 'untouched' });
    const journal = await Journal.open(folder);
    expect(journal.unfinished).toBeUndefined();
    await journal.begin({ ...attempt, version: '3' });
    expect((await Journal.open(folder)).unfinished?.version).toBe('3');
    expect(readFileSync(join(root, '.relup-action/journal.previous.jsonl'), 'utf8')).toContain('untouched');
  });

  it.each([1, 10, 25])(
    'lacks the last entry when %i of its bytes were cut off, and goes on after it',
    async (bytes) => {
      await written();
      truncateSync(file, statSync(file).size - bytes);
      const journal = await Journal.open(folder);
      expect(journal.last?.step).toBe('begin');
      await journal.write({ step: 'put-package' });
      expect((await Journal.open(folder)).entries.map(({ step }) => step)).toEqual(['begin', 'put-package']);
    },
  );

  it('lacks the last entry when only zeros of it reached the disk', async () => {
    await written();
    appendFileSync(file, `${'\0'.repeat(30)}\n`);
    expect((await Journal.open(folder)).last?.step).toBe('unpack');
  });

  it('has begun nothing when its first entry was cut off', async () => {
    await written();
    truncateSync(file, 20);
    const journal = await Journal.open(folder);
    expect(journal.unfinished).toBeUndefined();
    await journal.begin(attempt);
    expect((await Journal.open(folder)).last?.step).toBe('begin');
  });

  it.each([
    ['an entry in its middle is damaged', (text: string) => text.replace('{"at"', '{at"')],
    ['it does not begin at the beginning', (text: string) => text.slice(text.indexOf('\n') + 1)],
    ['a copy lies elsewhere', (text: string) => text.replace('before/a', '../etc/passwd')],
    ['copies lie in the release', (text: string) => text.replace('.relup-action/before/a', 'lib/a')],
    ['it is of another shape', (text: string) => text.replace('["lib/web-2"]', '"lib/web-2"')],
    ['a path leads out of the root', (text: string) => text.replace('lib/web-2', '../../etc/passwd')],
  ])('is refused when %s', async (_, damage) => {
    await written();
    writeFileSync(file, damage(readFileSync(file, 'utf8')));
    await expect(Journal.open(folder)).rejects.toThrow(`The journal ${file} is damaged`);
  });

  it.each([
    ['is only garbage', 'hello\nworld\n'],
    ['is garbage without an end of line', '\u0007\u0001 what is this'],
    ['is of something else', '{"step":1}\n'],
  ])('that %s is damaged, not absent', async (_, text) => {
    writeFileSync(file, text);
    await expect(Journal.open(folder)).rejects.toThrow(`The journal ${file} is damaged`);
    await expect(Journal.unfinishedIn(root)).rejects.toThrow('is damaged');
  });

  it.each(['', '\0\0\0', '{"a', '{"at":"2026-01-01T00:00:00.000Z","step":"beg\0\0\n'])(
    'has begun nothing when a power cut left of it: %j',
    async (text) => {
      writeFileSync(file, text);
      expect((await Journal.open(folder)).entries).toEqual([]);
    },
  );

  it.each([
    ['a folder', () => mkdirSync(file)],
    ['a link', () => symlinkSync('/etc/passwd', file)],
    ['a pipe that nobody writes to', () => void execFileSync('mkfifo', [file])],
  ])('that is %s is damaged', async (_, make) => {
    make();
    await expect(Journal.open(folder)).rejects.toThrow(`The journal ${file} is damaged`);
  });

  it('is not written into a file that has another name, too', async () => {
    const other = join(root, 'other');
    writeFileSync(other, '');
    linkSync(other, file);
    const journal = await Journal.open(folder);
    await expect(journal.write({ step: 'unpack' })).rejects.toThrow(`${file} is a link or not a file`);
    expect(readFileSync(other, 'utf8')).toBe('');
  });

  it('of another format is refused', async () => {
    await written();
    writeFileSync(file, readFileSync(file, 'utf8').replace('"format":1', '"format":3'));
    await expect(Journal.open(folder)).rejects.toThrow('was written by another version of relup-action');
  });

  it('is not kept in something that is no folder', async () => {
    rmSync(join(root, '.relup-action'), { recursive: true });
    writeFileSync(join(root, '.relup-action'), '');
    await expect(openDeployFolder(root, { uid: 0, gid: 0 })).rejects.toThrow(
      "is not a folder of the node's user",
    );
    rmSync(join(root, '.relup-action'));
    mkdirSync(join(root, '.relup-action'));
    await expect(openDeployFolder(root, { uid: 0, gid: 0 })).resolves.toBeDefined();
  });
});
