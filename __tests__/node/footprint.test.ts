import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putBack, recordFootprint, removeAdded } from '../../src/node/footprint.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let root: string;

beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder, 'root');
  mkdirSync(join(root, 'lib/a-1'), { recursive: true });
  writeFileSync(join(root, 'lib/a-1/a.app'), 'a 1');
  writeFileSync(join(root, 'RELEASES'), 'before', { mode: 0o640 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a footprint', () => {
  it('removes what was added and nothing else, and puts back what was changed or removed', async () => {
    const members = ['lib/a-1/a.app', 'lib/a-2/ebin/a.app', 'lib/a-2/priv/link'];
    const footprint = await recordFootprint(root, members, ['RELEASES', 'absent'], join(folder, 'copies'));
    mkdirSync(join(root, 'lib/a-2/ebin'), { recursive: true });
    mkdirSync(join(root, 'lib/a-2/priv'));
    writeFileSync(join(root, 'lib/a-2/ebin/a.app'), 'a 2');
    symlinkSync('nowhere', join(root, 'lib/a-2/priv/link'));
    writeFileSync(join(root, 'absent'), 'now there');
    writeFileSync(join(root, 'log'), 'by the node');
    rmSync(join(root, 'RELEASES'));

    expect(await removeAdded(root, footprint)).toEqual([]);
    await putBack(root, footprint);
    expect(existsSync(join(root, 'lib/a-2'))).toBe(false);
    expect(existsSync(join(root, 'absent'))).toBe(false);
    expect(readFileSync(join(root, 'lib/a-1/a.app'), 'utf8')).toBe('a 1');
    expect(readFileSync(join(root, 'log'), 'utf8')).toBe('by the node');
    expect(readFileSync(join(root, 'RELEASES'), 'utf8')).toBe('before');
    expect(statSync(join(root, 'RELEASES')).mode & 0o777).toBe(0o640);
  });

  it('names folders in which something else appeared', async () => {
    const footprint = await recordFootprint(root, ['lib/a-2/a.app'], [], join(folder, 'copies'));
    mkdirSync(join(root, 'lib/a-2'));
    writeFileSync(join(root, 'lib/a-2/somebody'), 'else');
    expect(await removeAdded(root, footprint)).toEqual(['lib/a-2']);
    expect(existsSync(join(root, 'lib/a-2/somebody'))).toBe(true);
  });
});
