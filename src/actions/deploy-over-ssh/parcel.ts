import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { shipped } from '../../shared/shipped.js';
import { writeTarball } from '../../shared/tarball.js';
import type { TreeEntry } from '../../shared/tree.js';
import { writeRequest } from '../deploy-as-user/hand-over.js';
import type { DeployRequest } from '../deploy-request.js';

/** The program that runs there, and the one that it starts as the node's user. */
const PROGRAMS = ['deploy-over-ssh/index.mjs', 'deploy-as-user/index.mjs'];

/** Holds the word that the answer begins with. */
export const WORD = 'word';

/** What is brought to the other machine. */
export interface Parcel {
  readonly request: DeployRequest;
  /** A random text that nobody there can guess. */
  readonly word: string;
  /** Our own Node; undefined when the machine has one. */
  readonly node: string | undefined;
}

/**
 * Writes all that a deploy there needs into one compressed tar: what of this action it runs, the package and its manifest, what
 * is asked for. Nothing of this process's environment is in it.
 *
 * @param folder a private one of ours
 * @returns the tar's path
 */
export async function writeParcel({ request, word, node }: Parcel, folder: string): Promise<string> {
  const asked = await writeRequest(folder, request, {});
  await writeFile(join(folder, WORD), word, { mode: 0o600 });
  const { upgradePath, fullPath, manifestPath } = request;
  const files = [upgradePath, fullPath, manifestPath, asked, join(folder, WORD)].filter(
    (file) => file !== undefined,
  );
  const entries = [
    ...(await bundleFiles()),
    ...(await Promise.all(files.map((file) => entry(basename(file), file)))),
    ...(node === undefined ? [] : [{ ...(await entry('node', node)), mode: 0o700 }]),
  ];
  const path = join(folder, 'parcel.tar.gz');
  await writeTarball(path, entries, Math.floor(performance.timeOrigin / 1000));
  return path;
}

/** The programs with the chunks that they import, and our Erlang sources. */
async function bundleFiles(): Promise<TreeEntry[]> {
  const found = new Set<string>();
  const queue = [...PROGRAMS];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    found.add(name);
    const text = await readFile(shipped(name), 'utf8');
    queue.push(
      ...[...text.matchAll(/["']\.{1,2}\/(?:chunks\/)?([\w-]+\.mjs)["']/g)].map(
        ([, file]) => `chunks/${file}`,
      ),
    );
  }
  const erlang = await readdir(shipped('erlang'), { recursive: true });
  const sources = erlang.filter((name) => /\.(erl|eval)$/.test(name)).map((name) => `erlang/${name}`);
  return Promise.all([...found, ...sources].map((name) => entry(`dist/${name}`, shipped(name))));
}

async function entry(path: string, source: string): Promise<TreeEntry> {
  return { path, source, type: 'file', size: (await stat(source)).size, mode: 0o600 };
}
