import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

/** Bytes that one thread compresses at a time; always as many, so that the same content gives the same bytes. */
const BLOCK = 512 * 1024;
/** So far back deflate refers. */
const WINDOW = 32 * 1024;
/** RFC 1952: deflate, no name, no time, level neither best nor fastest, Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** RFC 1951: a block without content that says it is the last. */
const LAST = Buffer.from([3, 0]);

const deflate = promisify(deflateRaw);

/**
 * Compresses to one gzip member by all cores: zlib's own stream uses one. Each block is compressed with the end of the one before it as
 * dictionary and ends at a byte (`Z_SYNC_FLUSH`), so that what comes out is one deflate stream (as pigz does it).
 */
export async function* gzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const atOnce = availableParallelism();
  const compressed: Promise<Buffer>[] = [];
  let before: Buffer = Buffer.alloc(0);
  let sum = 0;
  let length = 0;
  yield HEADER;
  for await (const block of blocks(source)) {
    sum = crc32(block, sum);
    length += block.length;
    compressed.push(compress(block, before));
    before = block.subarray(-WINDOW);
    if (compressed.length > atOnce) yield (await compressed.shift()) as Buffer;
  }
  for (const block of compressed) yield await block;
  yield LAST;
  yield trailer(sum, length);
}

function compress(block: Buffer, dictionary: Buffer): Promise<Buffer> {
  const done = deflate(block, {
    level: 6,
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary.length === 0 ? {} : { dictionary }),
  });
  done.catch(() => undefined); // it may fail before anybody waits for it
  return done;
}

/** The same content in pieces of the same size, but for the last one. */
async function* blocks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (let piece of source) {
    while (size + piece.length >= BLOCK) {
      const rest = BLOCK - size;
      yield Buffer.concat([...pieces, piece.subarray(0, rest)]);
      piece = piece.subarray(rest);
      pieces = [];
      size = 0;
    }
    pieces.push(piece);
    size += piece.length;
  }
  if (size > 0) yield Buffer.concat(pieces);
}

/** CRC-32 and length, the latter modulo 2^32. */
function trailer(sum: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(sum);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
