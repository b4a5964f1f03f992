import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError, CommandFailedError } from '../../shared/errors.js';
import { FETCH_SECONDS, GitCommand, globalConfig } from './command.js';
import type { ConfigEntry } from './config.js';
import { localConfig, type Scratch } from './scratch.js';

/** Settings that decide how a remote is reached and who we are there. */
const ACCESS = /^(?:(?:http|url|credential)\..*|core\.sshcommand)$/;

/** What else lies in a git directory beside the folder `modules`, whose names may contain slashes. */
const GIT_DIR_ENTRIES = ['config', 'HEAD', 'objects'];

/**
 * Checks out the submodules of a worktree, recursively, with the credentials that the user's checkout has.
 * Git reads none of the settings of the containing repository while it clones a submodule, and actions/checkout
 * writes the token into the submodules' own settings; hence a private "global" configuration for this one command.
 *
 * @throws {ActionError} when a submodule cannot be fetched.
 */
export async function checkOutSubmodules(
  repository: Scratch,
  worktree: string,
  folder: string,
): Promise<void> {
  const config = join(folder, 'gitconfig-submodules');
  await writeFile(config, globalConfig(repository.topLevel, await accessSettings(repository, folder)), {
    mode: 0o600,
  });
  const git = new GitCommand({ cwd: worktree, globalConfig: config });
  try {
    // `sync` matters when a submodule moved: the address registered for another version would be used.
    await git.run(['submodule', '--quiet', 'sync']);
    await git.run(['submodule', '--quiet', 'update', '--init', '--recursive'], {
      timeoutSeconds: FETCH_SECONDS,
    });
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(`The submodules of ${worktree} could not be checked out: ${error.message}`, {
      remedy:
        'Give actions/checkout `submodules: recursive`, and a `token` or `ssh-key` that may read the submodules.',
      details: error.details,
      cause: error,
    });
  }
}

async function accessSettings(repository: Scratch, folder: string): Promise<ConfigEntry[]> {
  const config = join(folder, 'gitconfig');
  const modules = await findModules(join(repository.usersGitDir, 'modules'));
  const sources = [
    repository.user,
    ...modules.map((gitDir) => new GitCommand({ cwd: gitDir, gitDir, globalConfig: config })),
  ];
  const entries: ConfigEntry[] = [];
  for (const source of sources) {
    const found = (await localConfig(source)).filter(({ key }) => ACCESS.test(key));
    entries.push(...newEntries(entries, found));
  }
  return entries;
}

/**
 * Leaves out what is there already. An `extraheader` is sent once for every time it is set, and servers refuse two
 * Authorization headers; so its first source wins, and an empty value first drops those set globally.
 */
function newEntries(known: readonly ConfigEntry[], found: readonly ConfigEntry[]): ConfigEntry[] {
  const isHeader = (key: string) => key.endsWith('.extraheader');
  const fresh = found.filter(({ key, value }) =>
    isHeader(key)
      ? !known.some((entry) => entry.key === key)
      : !known.some((entry) => entry.key === key && entry.value === value),
  );
  const headers = [...new Set(fresh.map(({ key }) => key).filter(isHeader))];
  return [...headers.map((key) => ({ key, value: '' })), ...fresh];
}

/** Git directories of the user's checked-out submodules, at any depth. */
async function findModules(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch((): string[] => []);
  if (GIT_DIR_ENTRIES.every((name) => entries.includes(name))) {
    return [folder, ...(await findModules(join(folder, 'modules')))];
  }
  const found: string[] = [];
  for (const entry of entries.sort()) {
    const path = join(folder, entry);
    if ((await stat(path)).isDirectory()) found.push(...(await findModules(path)));
  }
  return found;
}
