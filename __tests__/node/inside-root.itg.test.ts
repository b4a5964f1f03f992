import { chownSync, lchownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileInRoot, placeInRoot } from '../../src/node/inside-root.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let root: string;
let outside: string;

beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder, 'root');
  outside = join(folder, 'outside');
  mkdirSync(join(root, 'lib/a-1'), { recursive: true });
  mkdirSync(join(outside, 'a-2'), { recursive: true });
  writeFileSync(join(outside, 'a-2/file'), '');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an entry of an installed root', () => {
  it('lies where it is named, whether it is there or not, and is not followed itself', async () => {
    symlinkSync('/etc/passwd', join(root, 'lib/a-1/link'));
    for (const path of ['bin', 'lib/a-1/new', 'lib/a-1/link']) {
      expect(await placeInRoot(root, path)).toBe(join(root, path));
    }
    await expect(placeInRoot(root, 'lib/a-9/new')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('may be reached through links that stay inside, and through a root that is a link', async () => {
    symlinkSync('a-1', join(root, 'lib/a'));
    symlinkSync(root, join(folder, 'current'));
    expect(await placeInRoot(join(folder, 'current'), 'lib/a/new')).toBe(join(root, 'lib/a-1/new'));
  });

  it('is not reached through a link that leads out', async () => {
    symlinkSync(outside, join(root, 'lib/a-3'));
    // a folder whose name only begins as the root's does
    mkdirSync(`${root}-other`);
    symlinkSync(`${root}-other`, join(root, 'lib/a-4'));
    for (const path of ['lib/a-3/file', 'lib/a-3/a-2/file', 'lib/a-4/file']) {
      await expect(placeInRoot(root, path)).rejects.toThrow('leads out of deploy-root');
    }
  });

  it('may lie in a folder right below the root that its owner keeps elsewhere', async () => {
    symlinkSync(outside, join(root, 'releases'));
    expect(await placeInRoot(root, 'releases/RELEASES')).toBe(join(outside, 'RELEASES'));
    symlinkSync('/', join(outside, 'a-3'));
    await expect(placeInRoot(root, 'releases/a-3/file')).rejects.toThrow('leads out of deploy-root, to /.');
  });

  it('does not lie there when somebody else made that link', async () => {
    expect(process.getuid?.(), 'this test must run as root').toBe(0);
    symlinkSync(outside, join(root, 'releases'));
    lchownSync(join(root, 'releases'), 12345, 12345);
    chownSync(outside, 12345, 12345);
    await expect(placeInRoot(root, 'releases/RELEASES')).rejects.toThrow('leads out of deploy-root');
  });
});

describe('a file that is read', () => {
  it('is no link that leads out', async () => {
    writeFileSync(join(root, 'lib/a-1/file'), '');
    symlinkSync('file', join(root, 'lib/a-1/inside'));
    symlinkSync(join(outside, 'a-2/file'), join(root, 'lib/a-1/trap'));
    symlinkSync(join(outside, 'a-2/file'), join(root, 'file'));
    expect(await fileInRoot(root, 'lib/a-1/inside')).toBe(join(root, 'lib/a-1/file'));
    await expect(fileInRoot(root, 'lib/a-1/trap')).rejects.toThrow('leads out of deploy-root');
    await expect(fileInRoot(root, 'file')).rejects.toThrow('leads out of deploy-root');
  });
});
