import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DiskFullError,
  explainFullDisk,
  replaceByChecked,
  replaceFile,
} from '../../src/node/durable-file.js';
import { sha256 } from '../../src/shared/sha256.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let source: string;
let target: string;
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, mode: 0o640 };

beforeEach(() => {
  folder = temporaryFolder();
  source = join(folder, 'source');
  target = join(folder, 'target');
  writeFileSync(source, 'new');
  writeFileSync(target, 'old');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is replaced', () => {
  it('is the new one, with its mode, and nothing else is left', async () => {
    await replaceFile(target, source, owner);
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['source', 'target']);
  });

  it('stays the old one when what was copied is not what was checked', async () => {
    await replaceByChecked({ target, source, owner, sha256: sha256('new') });
    expect(readFileSync(target, 'utf8')).toBe('new');
    writeFileSync(source, 'another');
    await expect(replaceByChecked({ target, source, owner, sha256: sha256('new') })).rejects.toThrow(
      `${source} was changed while the deploy was at work: its SHA-256 differs.`,
    );
    expect(readFileSync(target, 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['source', 'target']);
  });
});

it('a full disk is told in a sentence, anything else as it is', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const error = explainFullDisk(full, '/opt/web', 'nothing can be written');
  expect(error).toBeInstanceOf(DiskFullError);
  expect((error as Error).message).toBe(
    'There is no space left on the disk of /opt/web, so nothing can be written.',
  );
  const other = new Error('other');
  expect(explainFullDisk(other, '/', '')).toBe(other);
});
