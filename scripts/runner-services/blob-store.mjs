// Block blobs in a folder: blocks are staged one by one in any order, and a list of them makes the blob.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobError } from './http.mjs';

/** @typedef {{ size: number, sha256: string, contentType: string, etag: string, modified: Date }} BlobProperties */

export class BlobStore {
  /** @param {string} dir */
  constructor(dir) {
    this.dir = dir;
    /** @type {Map<string, BlobProperties>} */
    this.blobs = new Map();
    /** @type {Map<string, Map<string, string>>} blob name → block id → file */
    this.staged = new Map();
  }

  /**
   * @param {string} name `<container>/<file>`
   * @returns {string} where the blob lies
   */
  path(name) {
    return join(this.dir, 'blobs', name);
  }

  /** @param {string} name */
  properties(name) {
    return this.blobs.get(name);
  }

  /**
   * @param {string} name
   * @param {string} blockId
   * @param {AsyncIterable<Buffer>} content
   */
  async stage(name, blockId, content) {
    const file = join(this.dir, 'blocks', name, Buffer.from(blockId).toString('hex'));
    await writeWhole(file, content);
    const blocks = this.staged.get(name) ?? new Map();
    this.staged.set(name, blocks.set(blockId, file));
  }

  /**
   * Makes the blob of the given blocks, in the given order; the other staged blocks are dropped.
   * @param {string} name
   * @param {readonly string[]} blockIds
   * @param {string} contentType
   */
  async commit(name, blockIds, contentType) {
    const blocks = this.staged.get(name);
    const files = blockIds.map((id) => {
      const file = blocks?.get(id);
      if (file === undefined) {
        throw new BlobError(400, 'InvalidBlockList', 'The specified block list is invalid.');
      }
      return file;
    });
    const properties = await this.put(name, concatenated(files), contentType);
    await this.dropStaged(name);
    return properties;
  }

  /**
   * @param {string} name
   * @param {AsyncIterable<Buffer>} content
   * @param {string} contentType
   * @returns {Promise<BlobProperties>}
   */
  async put(name, content, contentType) {
    const { size, sha256 } = await writeWhole(this.path(name), content);
    const properties = { size, sha256, contentType, etag: `"${randomUUID()}"`, modified: new Date() };
    this.blobs.set(name, properties);
    return properties;
  }

  /**
   * @param {string} name
   * @param {{ start: number, end: number }} [range] inclusive, as in a Range header
   */
  read(name, range) {
    return createReadStream(this.path(name), range);
  }

  /** @param {string} name */
  async remove(name) {
    this.blobs.delete(name);
    await this.dropStaged(name);
    await rm(this.path(name), { force: true });
  }

  /** @param {string} name */
  async dropStaged(name) {
    this.staged.delete(name);
    await rm(join(this.dir, 'blocks', name), { recursive: true, force: true });
  }
}

/** @param {readonly string[]} files */
async function* concatenated(files) {
  for (const file of files) yield* createReadStream(file);
}

/**
 * Writes a stream to a file that appears only when it is complete, so that a broken request leaves nothing.
 * @param {string} file
 * @param {AsyncIterable<Buffer>} content
 */
async function writeWhole(file, content) {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${randomUUID()}.partial`;
  const hash = createHash('sha256');
  let size = 0;
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  try {
    await pipeline(content, measure, createWriteStream(partial));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { size, sha256: hash.digest('hex') };
}
