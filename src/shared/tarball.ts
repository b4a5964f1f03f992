import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { pack, type Header, type Pack } from 'tar-stream';
import { gzip } from './gzip.js';
import { sortEntries, type TreeEntry } from './tree.js';

/** A file in a tarball. */
export interface TarballFile {
  /** Path in the archive. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Permission bits. */
  readonly mode: number;
}

/** A finished tarball. Links and empty folders are in it, but not in `files`. */
export interface Tarball {
  /** Absolute path. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly files: readonly TarballFile[];
}

/** Files up to this size are read at once; larger ones are streamed. */
const SMALL = 1024 * 1024;
/** Bytes of a larger file that are read at once. */
const PIECE = 256 * 1024;
/** The largest time that the tar header's octal field and tar-stream's 32 bit arithmetic both hold. */
const MAX_TIME = 0x7fffffff;

/**
 * Writes the entries as `.tar.gz`, sorted, with one time for all and owned by 0:0 without names, so that the same tree
 * gives the same bytes. Memory does not grow with the release. A tarball that could not be finished is removed.
 *
 * @param mtime - Unix seconds.
 */
export async function writeTarball(
  path: string,
  entries: readonly TreeEntry[],
  mtime: number,
): Promise<Tarball> {
  const tar = pack();
  const counter = { hash: createHash('sha256'), size: 0 };
  const file = createWriteStream(path);
  const [added, written] = await Promise.allSettled([
    addEntries(tar, entries, new Date(1000 * Math.min(Math.max(mtime, 0), MAX_TIME))),
    pipeline(
      gzip(tar as AsyncIterable<Buffer>),
      (source: AsyncIterable<Buffer>) => count(source, counter),
      file,
    ),
  ]);
  // a failure on one side destroys the other, and the writing side always sees the first cause
  const failed = written.status === 'rejected' ? written : added;
  if (failed.status === 'rejected') {
    // It may be about to be made still.
    if (!file.closed) await new Promise<void>((resolve) => file.once('close', resolve));
    await rm(path, { force: true });
    throw failed.reason;
  }
  return { path, sha256: counter.hash.digest('hex'), size: counter.size, files: failed.value ?? [] };
}

type MemberHeader = Pick<Header, 'name'> & Partial<Header>;

async function addEntries(tar: Pack, entries: readonly TreeEntry[], mtime: Date): Promise<TarballFile[]> {
  const files: TarballFile[] = [];
  try {
    for (const entry of sortEntries(entries)) {
      const header: MemberHeader = {
        name: entry.path,
        type: entry.type,
        mode: entry.mode,
        mtime,
        uid: 0,
        gid: 0,
      };
      if (entry.type === 'file') {
        files.push(await addFile(tar, entry, header));
      } else {
        await addWhole(tar, entry.target === undefined ? header : { ...header, linkname: entry.target });
      }
    }
    tar.finalize();
    return files;
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
}

async function addFile(tar: Pack, entry: TreeEntry, header: MemberHeader): Promise<TarballFile> {
  const { path, mode } = entry;
  const hash = createHash('sha256');
  if (entry.size > SMALL) {
    await addStream({ tar, entry, header, hash });
    return { path, size: entry.size, sha256: hash.digest('hex'), mode };
  }
  // Handing each of some thousand small files to another thread takes longer than reading it.
  const content = readFileSync(entry.source);
  await addWhole(tar, header, content);
  return { path, size: content.length, sha256: hash.update(content).digest('hex'), mode };
}

async function addWhole(tar: Pack, header: MemberHeader, content = Buffer.alloc(0)): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  tar.entry(header, content, (error) => (error ? reject(error) : resolve())).on('error', reject);
  await promise;
}

async function addStream({
  tar,
  entry,
  header,
  hash,
}: {
  readonly tar: Pack;
  readonly entry: TreeEntry;
  readonly header: MemberHeader;
  readonly hash: Hash;
}): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined); // it may fail while nobody waits for it
  const sink = tar.entry({ ...header, size: entry.size }, (error) => (error ? reject(error) : resolve()));
  sink.on('error', reject);
  for await (const chunk of createReadStream(entry.source, {
    highWaterMark: PIECE,
  }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), promise]);
  }
  sink.end(null); // nothing more; the types ask for an argument
  await promise;
}

async function* count(
  source: AsyncIterable<Buffer>,
  counter: { hash: Hash; size: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    counter.hash.update(chunk);
    counter.size += chunk.length;
    yield chunk;
  }
}
