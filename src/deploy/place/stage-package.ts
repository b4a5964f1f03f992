import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, open, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { DeployFile, DeployPackage } from '../../model/deploy-input.js';
import { explainFullDisk } from '../../node/durable-file.js';
import { NodeRefusedError } from '../../shared/errors.js';
import { isPathComponent } from '../../shared/names.js';

interface Members {
  readonly folders: Map<string, number>;
  readonly links: Map<string, string>;
  readonly files: Set<string>;
}

/**
 * Unpacks a package into a folder of its own. There may be no Erlang yet that could do it; so nothing is taken from the archive
 * that the manifest does not list, by size and SHA-256, and links are made last, so that nothing is written through one.
 *
 * @throws {NodeRefusedError} when it is not the package of the manifest
 */
export async function stagePackage(source: DeployPackage, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const listed = new Map(source.files.map((file) => [file.path, file]));
  const members: Members = { folders: new Map(), links: new Map(), files: new Set() };
  try {
    await eachMember(source.path, (entry) => take({ entry, folder, listed, members, source }));
    for (const [path, target] of members.links) await symlink(target, await placeFor(folder, path));
    // a folder may be closed to those who still write to it
    for (const [path, mode] of [...members.folders].reverse()) await chmod(join(folder, path), mode);
  } catch (error) {
    if (error instanceof NodeRefusedError) throw error;
    const full = explainFullDisk(error, folder, 'the package cannot be unpacked');
    throw full instanceof NodeRefusedError ? full : damaged(source, error);
  }
  const missing = source.files.find(({ path }) => !members.files.has(path));
  if (missing !== undefined) throw notListed(source, `${missing.path} is missing`);
}

/** A member's content, to be read or left out by `resume`. */
type Entry = AsyncIterable<Buffer> & { readonly header: Header; resume(): unknown };

async function eachMember(path: string, work: (entry: Entry) => Promise<void>): Promise<void> {
  const tar = extract();
  const taken = (async () => {
    for await (const entry of tar) await work(entry as unknown as Entry);
  })();
  const [failed, read] = await Promise.allSettled([
    taken,
    pipeline(createReadStream(path), createGunzip(), tar),
  ]);
  // who stops to take ends the reading, too
  if (failed.status === 'rejected') throw failed.reason;
  if (read.status === 'rejected') throw read.reason;
}

async function take({
  entry,
  folder,
  listed,
  members,
  source,
}: {
  readonly entry: Entry;
  readonly folder: string;
  readonly listed: ReadonlyMap<string, DeployFile>;
  readonly members: Members;
  readonly source: DeployPackage;
}): Promise<void> {
  const { type = 'file', mode = 0o644, linkname } = entry.header;
  const path = entry.header.name.replace(/^\.\//, '').replace(/\/$/, '');
  if (path === '' || path === '.') return void entry.resume();
  if (!path.split('/').every(isPathComponent)) throw notListed(source, `${path} leads out of it`);
  if (type === 'directory') {
    members.folders.set(path, mode & 0o777);
    await mkdir(join(folder, path), { recursive: true, mode: 0o755 });
  } else if (type === 'symlink' && typeof linkname === 'string') {
    members.links.set(path, linkname);
  } else if (type === 'file' || type === 'contiguous-file') {
    const file = listed.get(path);
    if (file === undefined) throw notListed(source, `${path} is not listed`);
    if (!(await write(entry, await placeFor(folder, path), { file, mode }))) {
      throw notListed(source, `${path} has other content`);
    }
    members.files.add(path);
    return;
  } else {
    throw notListed(source, `${path} is neither a file nor a folder nor a symbolic link`);
  }
  entry.resume();
}

async function placeFor(folder: string, path: string): Promise<string> {
  const place = join(folder, path);
  await mkdir(dirname(place), { recursive: true, mode: 0o755 });
  return place;
}

/** @returns whether it is the file that the manifest lists */
async function write(
  entry: Entry,
  place: string,
  { file, mode }: { readonly file: DeployFile; readonly mode: number },
): Promise<boolean> {
  const hash = createHash('sha256');
  let size = 0;
  const handle = await open(place, 'wx', 0o600);
  try {
    for await (const chunk of entry as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > file.size) return false;
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.chmod(mode & 0o777);
  } finally {
    await handle.close();
  }
  return size === file.size && hash.digest('hex') === file.sha256;
}

function notListed({ path }: DeployPackage, what: string): NodeRefusedError {
  return new NodeRefusedError(
    `The package ${path} is not the release that its manifest describes: ${what}.`,
    { remedy: 'Use package and manifest as relup-action made them.' },
  );
}

function damaged({ path }: DeployPackage, cause: unknown): NodeRefusedError {
  return new NodeRefusedError(`The archive ${path} is damaged or incomplete.`, {
    remedy: 'Download package and manifest again, from the same artifact.',
    cause,
  });
}
