// The repository's cache (design decision 13). It saves time and nothing else: whatever goes wrong here is a warning, and what
// the entry would have held is built.
import type * as Cache from '@actions/cache';
import { info, warning } from '@actions/core';
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { errorMessage } from '../../shared/errors.js';
import { oneByOne } from '../../shared/one-by-one.js';

type CacheModule = typeof Cache;

/** The only path the toolkit ever sees: it is hashed into the entry's version and must be the same on every runner. */
const ENTRY = 'entry';

/**
 * Restores the entry of exactly this key into `folder`, which is made when missing. Like {@link saveFiles} it changes the
 * process's working directory and environment while it works, so nothing else may run at the same time.
 *
 * @returns absolute paths of the restored files, sorted; undefined when there is no such entry or the cache failed.
 */
export async function restoreFiles(key: string, folder: string): Promise<string[] | undefined> {
  const target = resolve(folder);
  return await withCache({
    purpose: 'restore',
    folder: target,
    otherwise: undefined,
    work: async (cache, work) => {
      const found = await cache.restoreCache([ENTRY], key);
      // The service also matches longer keys that begin with ours. Case makes no difference to it, and may be lost in its answer.
      if (found?.toLowerCase() !== key.toLowerCase()) return undefined;
      const names = await filesIn(join(work, ENTRY));
      for (const name of names) {
        await mkdir(dirname(join(target, name)), { recursive: true });
        await rename(join(work, ENTRY, name), join(target, name));
      }
      return names.map((name) => join(target, name));
    },
  });
}

/**
 * Saves files under a key that was not used before. Ask {@link maySaveCache} first.
 *
 * @param files paths in `folder`, absolute or relative to it; they are restored to the same places.
 * @returns whether an entry was made; false too when there is one already.
 */
export async function saveFiles(key: string, folder: string, files: readonly string[]): Promise<boolean> {
  const source = resolve(folder);
  return await withCache({
    purpose: 'save',
    folder: source,
    otherwise: false,
    work: async (cache, work) => {
      for (const file of files) {
        const name = relative(source, resolve(source, file));
        if (name === '' || name.startsWith('..') || isAbsolute(name)) {
          throw new Error(`${file} does not lie in ${source}`);
        }
        const staged = join(work, ENTRY, name);
        await mkdir(dirname(staged), { recursive: true });
        // A link costs no space; a file system without links gets a copy.
        await link(join(source, name), staged).catch(() => copyFile(join(source, name), staged));
      }
      return (await cache.saveCache([ENTRY], key)) !== -1;
    },
  });
}

/** Calls of this module wait for one another, because of {@link inPrivateFolder}. */
const inTurn = oneByOne();

/** Does the work in a private folder; any failure becomes a warning and `otherwise`. */
async function withCache<T>({
  purpose,
  folder,
  otherwise,
  work,
}: {
  readonly purpose: string;
  readonly folder: string;
  readonly otherwise: T;
  readonly work: (cache: CacheModule, privateFolder: string) => Promise<T>;
}): Promise<T> {
  return inTurn(async () => {
    try {
      const cache = await availableCache();
      return cache === undefined ? otherwise : await inPrivateFolder(folder, work.bind(undefined, cache));
    } catch (error) {
      warning(`Could not ${purpose} a cache entry: ${errorMessage(error)}`);
      return otherwise;
    }
  });
}

async function availableCache(): Promise<CacheModule | undefined> {
  const cache = process.env.ACTIONS_RUNTIME_TOKEN ? await import('@actions/cache') : undefined;
  if (cache?.isFeatureAvailable()) return cache;
  info('There is no cache service here; nothing is looked up or saved.');
  return undefined;
}

/**
 * The toolkit finds relative paths from the working directory, stores them relative to GITHUB_WORKSPACE, and keeps its archive
 * in RUNNER_TEMP. Absolute paths would make an entry useless on a runner with other folders, so all three are a private folder
 * while it works; that also keeps what it leaves behind, and what it unpacks, out of the user's tree. The private folder lies
 * in `folder`, so that files can be linked and renamed.
 */
async function inPrivateFolder<T>(folder: string, work: (privateFolder: string) => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const privateFolder = await mkdtemp(join(folder, '.cache-'));
  const before = process.cwd();
  const { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp } = process.env;
  try {
    process.chdir(privateFolder);
    Object.assign(process.env, { GITHUB_WORKSPACE: privateFolder, RUNNER_TEMP: privateFolder });
    return await work(privateFolder);
  } finally {
    process.chdir(before);
    setVariable('GITHUB_WORKSPACE', workspace);
    setVariable('RUNNER_TEMP', temp);
    await rm(privateFolder, { recursive: true, force: true });
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Names of all regular files below a folder, sorted. A link could point out of it, so there must be none. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== undefined) throw new Error(`the entry holds ${odd.name}, which is not a regular file`);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
