import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativeDigest } from '../../src/shared/native-code.js';
import { temporaryFolder } from '../support/repository.js';

let dir: string;
let count = 0;
beforeAll(() => {
  dir = temporaryFolder();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Section {
  readonly type?: number;
  /** Whether it is loaded. */
  readonly loaded?: boolean;
  readonly content: string;
}

/** An ELF file of 64 bits, little endian, that is nothing but its sections. */
function elf(sections: readonly Section[]): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header[4] = 2;
  header[5] = 1;
  const contents = sections.map(({ content }) => Buffer.from(content, 'latin1'));
  const table = 64 + contents.reduce((sum, { length }) => sum + length, 0);
  header.writeBigUInt64LE(BigInt(table), 0x28);
  header.writeUInt16LE(64, 0x3a);
  header.writeUInt16LE(sections.length, 0x3c);
  let offset = 64;
  const headers = sections.map(({ type = 1, loaded = true }, index) => {
    const one = Buffer.alloc(64);
    const size = contents[index]?.length ?? 0;
    one.writeUInt32LE(type, 4);
    one.writeBigUInt64LE(loaded ? 2n : 0n, 8);
    one.writeBigUInt64LE(BigInt(offset), 24);
    one.writeBigUInt64LE(BigInt(size), 32);
    offset += size;
    return one;
  });
  return Buffer.concat([header, ...contents, ...headers]);
}

function digest(content: Buffer | string, builtIn?: string): Promise<string> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${count++}.so`);
  writeFileSync(file, content);
  return nativeDigest(file, builtIn === undefined ? [] : [builtIn]);
}

const CODE: Section = { content: 'machine code' };

describe('the digest of native code', () => {
  it('leaves debug information, build ids and comments out', async () => {
    const plain = await digest(elf([CODE]));
    const more = [
      { type: 7, content: 'build id' },
      { loaded: false, content: '/builds/1234/c_src' },
    ];
    expect(await digest(elf([CODE, ...more]))).toBe(plain);
    expect(await digest(elf([{ content: 'other code' }, ...more]))).not.toBe(plain);
  });

  it('does not know the folder of a source, but everything else of it', async () => {
    const text = (path: string) => elf([CODE, { content: `assertion\0${path}\0at line` }]);
    const one = await digest(text('/builds/1234/c_src/shop.c'));
    expect(await digest(text('/builds/5678/c_src/shop.c'))).toBe(one);
    expect(await digest(text('/builds/1234/c_src/other.c'))).not.toBe(one);
    expect(await digest(text('/var/1234/table.db'))).not.toBe(await digest(text('/var/5678/table.db')));
  });

  it('masks the folder that it was compiled in wherever that stands, when it is told', async () => {
    const text = (name: string) => elf([CODE, { content: `/builds/${name}/priv` }]);
    expect(await digest(text('1234'), '/builds/1234')).toBe(await digest(text('5678'), '/builds/5678'));
  });

  it('is that of the bytes for what is no ELF file, or a broken one', async () => {
    const broken = elf([CODE]);
    broken.writeBigUInt64LE(1_000_000n, 0x28);
    for (const content of ['text', broken]) {
      expect(await digest(content)).toBe(await digest(content));
      expect(await digest(content)).not.toBe(
        await digest(Buffer.concat([Buffer.from(content), Buffer.from('x')])),
      );
    }
  });
});
