import { readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { pack, type Header } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ErlangError } from '../../src/programs/erlang-answer.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

/** UTF-8 file names whatever the locale. */

let dir: string;
let erlang: Erlang;
let count = 0;

beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Member = Pick<Header, 'name'> & Partial<Header> & { content?: string };

/** Writes a `.tar.gz` with exactly these members; sizes may be lies. */
async function archive(...members: Member[]): Promise<string> {
  const tar = pack();
  for (const { content, ...header } of members) tar.entry({ mtime: new Date(0), ...header }, content ?? '');
  tar.finalize();
  return file(gzipSync(await buffer(tar)));
}

/** The blocks of one member, without an end. */
async function raw({ content, ...header }: Member): Promise<Buffer> {
  const tar = pack();
  tar.entry({ mtime: new Date(0), ...header }, content ?? '');
  tar.finalize();
  return (await buffer(tar)).subarray(0, -1024);
}

/** An extension header as no writer makes it: with this content, whole. */
function extended({ name, type, content }: { name: string; type: string; content: Buffer }): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0' + '0000000\0'.repeat(2), 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        `, 124);
  header.write(type === 'long' ? 'K' : 'x', 156);
  header.write(type === 'long' ? 'ustar  \0' : 'ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function file(content: Buffer): string {
  const path = join(dir, `archive-${count++}.tar.gz`);
  writeFileSync(path, content);
  return path;
}

function list(path: string) {
  return erlang.query<unknown[]>('tarball', [path]);
}

async function unpack(path: string, ...limits: string[]) {
  const folder = join(dir, `unpacked-${count++}`);
  const answer = await erlang.query('unpack', [path, folder, ...limits]).then(
    (ok) => ({ ok }),
    (error: unknown) => {
      if (!(error instanceof ErlangError)) throw error;
      return { reason: error.reason, message: error.message, details: error.details };
    },
  );
  return { folder, ...answer };
}

/** What lies in a folder; empty also when it was never made. */
function content(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  } catch {
    return [];
  }
}

const LONG = `lib/${'a'.repeat(90)}/${'b'.repeat(90)}/${'c'.repeat(90)}/${'d'.repeat(90)}.txt`;

describe('tarball', () => {
  it('lists names of any length and script with type, size and permission bits', async () => {
    const path = await archive(
      { name: 'bin/hello', mode: 0o755, content: 'start' },
      { name: 'empty/', type: 'directory', mode: 0o750 },
      { name: 'lib/übung/日本.txt', mode: 0o640, content: '12' },
      { name: LONG, mode: 0o644, content: '123' },
      { name: 'link', type: 'symlink', linkname: 'bin/hello', mode: 0o777 },
      { name: 'hard', type: 'link', linkname: 'bin/hello', mode: 0o644 },
      { name: 'pipe', type: 'fifo', mode: 0o600 },
    );
    expect(await list(path)).toEqual([
      { name: 'bin/hello', type: 'file', size: 5, mode: 0o755 },
      { name: 'empty', type: 'directory', size: 0, mode: 0o750 },
      { name: 'lib/übung/日本.txt', type: 'file', size: 2, mode: 0o640 },
      { name: LONG, type: 'file', size: 3, mode: 0o644 },
      { name: 'link', type: 'symlink', size: 0, mode: 0o777 },
      { name: 'hard', type: 'hardlink', size: 0, mode: 0o644 },
      { name: 'pipe', type: 'fifo', size: 0, mode: 0o600 },
    ]);
  });

  it('says when the archive is not there', async () => {
    const missing = join(dir, 'missing.tar.gz');
    await expect(list(missing)).rejects.toThrow(
      expect.objectContaining({
        reason: 'enoent',
        message: `The archive ${missing} cannot be read: no such file or directory.`,
      }),
    );
  });
});

describe('unpack', () => {
  it('extracts files, empty folders and links with their modes', async () => {
    const { folder, ...answer } = await unpack(
      await archive(
        { name: 'bin/hello', mode: 0o750, content: 'start' },
        { name: 'empty/', type: 'directory', mode: 0o700 },
        { name: 'lib/übung/日本.txt', content: '12' },
        { name: LONG, content: '123' },
        { name: 'bin/link', type: 'symlink', linkname: 'hello' },
      ),
    );
    expect(answer).toEqual({ ok: { entries: 5 } });
    expect(readFileSync(join(folder, 'bin/hello'), 'utf8')).toBe('start');
    expect(statSync(join(folder, 'bin/hello')).mode & 0o7777).toBe(0o750);
    expect(statSync(join(folder, 'empty')).mode & 0o7777).toBe(0o700);
    expect(readFileSync(join(folder, 'lib/übung/日本.txt'), 'utf8')).toBe('12');
    expect(readFileSync(join(folder, LONG), 'utf8')).toBe('123');
    expect(readlinkSync(join(folder, 'bin/link'))).toBe('hello');
    expect(readdirSync(folder).sort()).toEqual(['bin', 'empty', 'lib']);
  });

  it.each<[string, Member]>([
    ['an absolute path', { name: '/etc/evil', content: 'x' }],
    ['a path that climbs', { name: 'lib/../../evil', content: 'x' }],
    ['a path that climbs and comes back', { name: 'lib/../evil', content: 'x' }],
    ['a hard link', { name: 'evil', type: 'link', linkname: 'bin/hello' }],
    ['a named pipe', { name: 'evil', type: 'fifo' }],
    ['a device', { name: 'evil', type: 'character-device', devmajor: 1, devminor: 3 }],
    ['an absolute link', { name: 'lib/evil', type: 'symlink', linkname: '/etc/passwd' }],
    ['a link that climbs out', { name: 'lib/evil', type: 'symlink', linkname: '../../evil' }],
    ['a link to itself', { name: 'evil', type: 'symlink', linkname: 'evil' }],
  ])('refuses %s and writes nothing', async (_, member) => {
    const path = await archive(
      { name: 'bin/hello', content: 'start' },
      { name: 'good', type: 'symlink', linkname: 'bin/hello' },
      member,
    );
    const { folder, ...answer } = await unpack(path);
    expect(answer).toMatchObject({ reason: 'unsafe_member' });
    expect(answer).toHaveProperty('message', expect.stringContaining(`${path} holds`));
    expect(answer).toHaveProperty('message', expect.stringContaining(member.name));
    expect(content(folder)).toEqual([]);
  });

  it.each([
    ['.', 'ustar'],
    ['./', 'ustar'],
    ['.//.', 'ustar'],
    ['./'.repeat(80), 'pax'],
  ])('refuses a link to its own folder, written %j, at which erl_tar never ends', async (linkname) => {
    const path = await archive(
      { name: 'bin/hello', content: 'start' },
      { name: 'lib/loop', type: 'symlink', linkname },
    );
    const { folder, ...answer } = await unpack(path);
    expect(answer).toMatchObject({ reason: 'unsafe_member' });
    expect(answer).toHaveProperty(
      'message',
      `The archive ${path} holds the symbolic link lib/loop to the folder that it lies in: unpacking it never ends before OTP 29.`,
    );
    expect(content(folder)).toEqual([]);
  });

  it('refuses such a link whose target GNU tar writes apart, or that an extension header gives', async () => {
    const short: Member = { name: 'lib/loop', type: 'symlink', linkname: 'hello' };
    const long = Buffer.from('./'.repeat(300));
    for (const extension of [
      { name: '././@LongLink', type: 'long', content: long },
      { name: 'pax', type: 'pax', content: Buffer.from('14 linkpath=.\n') },
    ]) {
      const path = file(gzipSync(Buffer.concat([extended(extension), await raw(short)])));
      expect(await unpack(path)).toMatchObject({ reason: 'unsafe_member' });
    }
  });

  it('unpacks links to folders beside and below, also by names that begin like their own', async () => {
    const links = { 'lib/one': 'two', 'lib/long': `${'./'.repeat(60)}two`, 'lib/.x': '.hidden' };
    const { folder, ...answer } = await unpack(
      await archive(
        { name: 'lib/two/file', content: '' },
        { name: 'lib/.hidden', content: '' },
        ...Object.entries(links).map(([name, linkname]) => ({ name, type: 'symlink' as const, linkname })),
      ),
    );
    expect(answer).toEqual({ ok: { entries: 5 } });
    for (const [name, target] of Object.entries(links)) {
      expect(normalize(readlinkSync(join(folder, name)))).toBe(normalize(target));
    }
  });

  it('refuses more than 200,000 members', async () => {
    const one = await raw({ name: 'empty' });
    const path = file(gzipSync(Buffer.concat([...Array<Buffer>(200_001).fill(one), Buffer.alloc(1024)])));
    expect(await unpack(path)).toMatchObject({
      reason: 'too_large',
      message: `The archive ${path} holds more than 200000 members, which no release should.`,
    });
  });

  it('refuses a link that leads out by way of another link, in either order', async () => {
    const links: Member[] = [
      { name: 'sub/up', type: 'symlink', linkname: '..' },
      { name: 'out', type: 'symlink', linkname: 'sub/up/../outside' },
    ];
    for (const members of [links, links.toReversed()]) {
      const { folder, ...answer } = await unpack(
        await archive({ name: 'sub/file', content: '' }, ...members),
      );
      expect(answer).toMatchObject({ reason: 'unsafe_member' });
      expect(content(folder)).toEqual([]);
    }
  });

  it('refuses a damaged or incomplete archive wherever it is cut', async () => {
    const whole = readFileSync(
      await archive(
        { name: 'bin/hello', content: 'start'.repeat(5000) },
        {
          name: 'lib/x',
          content: Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i) % 251)).toString('latin1'),
        },
      ),
    );
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)]! ^= 0x10;
    const checksum = Buffer.from(whole);
    checksum[whole.length - 6]! ^= 0x01;
    const cut = [
      0,
      1,
      10,
      Math.floor(whole.length / 2),
      whole.length - 9,
      whole.length - 8,
      whole.length - 1,
    ];
    const archives = [
      flipped,
      checksum,
      Buffer.concat([whole, Buffer.from('more')]),
      Buffer.from('<html>not an archive</html>'.repeat(100)),
      gzipSync(Buffer.from('not a tar archive'.repeat(100))),
      gzipSync(gunzipSync(whole).subarray(0, 6000)),
      ...cut.map((length) => whole.subarray(0, length)),
    ];
    for (const bytes of archives) {
      const path = file(bytes);
      const { folder, ...answer } = await unpack(path);
      expect(answer).toMatchObject({
        reason: 'bad_archive',
        message: `The archive ${path} is damaged or incomplete.`,
      });
      expect(content(folder)).toEqual([]);
    }
  });

  it('refuses more members or bytes than the limits, and says the limit', async () => {
    const many = await archive(...Array.from({ length: 5 }, (_, i) => ({ name: `file${i}`, content: 'x' })));
    expect(await unpack(many, '5', '1000000')).toMatchObject({ ok: { entries: 5 } });
    expect(await unpack(many, '4', '1000000')).toMatchObject({
      reason: 'too_large',
      message: `The archive ${many} holds more than 4 members, which no release should.`,
    });
    expect(await unpack(many, '1', '1000000')).toMatchObject({ reason: 'too_large' });
    // zeros behind the last member count too
    const bomb = file(gzipSync(Buffer.concat([gunzipSync(readFileSync(many)), Buffer.alloc(2_000_000)])));
    for (const path of [bomb, await archive({ name: 'zeros', content: '\0'.repeat(2_000_000) })]) {
      expect(await unpack(path, '1000', '1000000')).toMatchObject({
        reason: 'too_large',
        message: `The archive ${path} holds more than 1000000 bytes, which no release should.`,
      });
    }
  });

  it('says why a sound archive could not be unpacked', async () => {
    const path = await archive({ name: 'bin', content: 'a file' }, { name: 'bin/hello', content: 'start' });
    expect(await unpack(path)).toMatchObject({
      reason: 'cannot_unpack',
      message: expect.stringMatching(/cannot be unpacked into .*unpacked-\d+: not a directory\.$/) as string,
    });
  });
});
