import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gzip } from '../../src/shared/gzip.js';

const BLOCK = 512 * 1024;

/** Text that neither repeats itself nor is random: what beams compress like. */
const CONTENT = Buffer.from(
  Array.from({ length: 40_000 }, (_, index) =>
    createHash('sha1').update(String(index)).digest('base64'),
  ).join('\n'),
);

/** Nearly as long as deflate can refer back to; nothing in it repeats. */
const REPEATED = randomBytes(30_000);

async function* pieces(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) {
    await Promise.resolve();
    yield content.subarray(at, at + size);
  }
}

async function compressed(content: Buffer, size = 100_000): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of gzip(pieces(content, size))) parts.push(part);
  return Buffer.concat(parts);
}

describe('gzip by all cores', () => {
  test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 1000])(
    '%i bytes come back as they were',
    async (size) => {
      const content = CONTENT.subarray(0, size);
      expect(gunzipSync(await compressed(content)).equals(content)).toBe(true);
    },
  );

  test('the same content gives the same bytes, however it comes', async () => {
    const whole = await compressed(CONTENT, CONTENT.length);
    for (const size of [BLOCK, 65_537, 512])
      expect((await compressed(CONTENT, size)).equals(whole)).toBe(true);
  });

  test('a block refers to the one before it', async () => {
    const repeated = Buffer.concat(Array.from({ length: 80 }, () => REPEATED));
    expect((await compressed(repeated)).length).toBeLessThan(1.05 * gzipSync(repeated).length);
  });

  test('is hardly larger than by one core', async () => {
    expect((await compressed(CONTENT)).length).toBeLessThan(1.002 * gzipSync(CONTENT).length);
  });

  test('what fails before it fails here', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield CONTENT;
      await Promise.reject(new Error('the disk is gone'));
    }
    const read = async (): Promise<void> => {
      for await (const part of gzip(failing())) expect(part.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('the disk is gone');
  });
});
