import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putBack, recordFootprint, removeAdded } from '../../../src/deploy/session/footprint.js';
import { temporaryFolder } from '../../support/repository.js';

let folder: string;
let root: string;

beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder, 'root');
  mkdirSync(join(root, 'lib/a-1'), { recursive: true });
  mkdirSync(join(root, '.relup-action'));
  writeFileSync(join(root, 'lib/a-1/a.app'), 'a 1');
  writeFileSync(join(root, 'RELEASES'), 'before', { mode: 0o640 });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a footprint', () => {
  it('removes what was added and nothing else, and puts back what was changed or removed', async () => {
    const members = ['lib/a-1/a.app', 'lib/a-2/ebin/a.app', 'lib/a-2/priv/link'];
    const footprint = await recordFootprint({
      root,
      members,
      changed: ['RELEASES', 'absent'],
      folder: join(root, '.relup-action/before'),
    });
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
    const footprint = await recordFootprint({
      root,
      members: ['lib/a-2/a.app'],
      changed: [],
      folder: join(root, '.relup-action/before'),
    });
    mkdirSync(join(root, 'lib/a-2'));
    writeFileSync(join(root, 'lib/a-2/somebody'), 'else');
    expect(await removeAdded(root, footprint)).toEqual(['lib/a-2']);
    expect(existsSync(join(root, 'lib/a-2/somebody'))).toBe(true);
  });

  it('removes nothing when one of its paths is led out of the root by a link', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'of somebody else');
    symlinkSync(outside, join(root, 'lib/trap'));
    writeFileSync(join(root, 'lib/added'), 'by the deploy');
    const forged = { absent: ['lib/added', 'lib/trap/precious'], saved: [] };
    await expect(removeAdded(root, forged)).rejects.toThrow(
      `${join(root, 'lib/trap/precious')} is reached through a link that leads out of deploy-root, to ${outside}.`,
    );
    expect(readdirSync(outside)).toEqual(['precious']);
    expect(existsSync(join(root, 'lib/added'))).toBe(true);
  });

  it('overwrites nothing outside of the root, copies nothing from there, and makes no program of anybody', async () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'of somebody else', { mode: 0o600 });
    symlinkSync(outside, join(root, 'lib/trap'));
    mkdirSync(join(root, '.relup-action/before'));
    writeFileSync(join(root, '.relup-action/before/a'), 'forged');
    symlinkSync(join(outside, 'precious'), join(root, '.relup-action/before/b'));
    const { uid, gid } = statSync(root);
    const saved = (path: string, copy: string) => ({
      path,
      copy: `.relup-action/before/${copy}`,
      uid,
      gid,
      mode: 0o4755,
    });
    const put = (path: string, copy: string) => putBack(root, { absent: [], saved: [saved(path, copy)] });
    await expect(put('lib/trap/precious', 'a')).rejects.toThrow('leads out of deploy-root');
    await expect(put('RELEASES', 'b')).rejects.toThrow('leads out of deploy-root');
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('of somebody else');
    expect(readFileSync(join(root, 'RELEASES'), 'utf8')).toBe('before');
    await put('lib/a-1/a.app', 'a');
    expect(statSync(join(root, 'lib/a-1/a.app')).mode & 0o7777).toBe(0o755);
    symlinkSync(join(outside, 'precious'), join(root, 'start_erl.data'));
    const record = recordFootprint({
      root,
      members: [],
      changed: ['start_erl.data'],
      folder: join(root, '.relup-action/before'),
    });
    await expect(record).rejects.toThrow('leads out of deploy-root');
  });
});
