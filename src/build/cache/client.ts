import { info, warning } from '@actions/core';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { run } from '../../programs/exec.js';
import { errorMessage } from '../../shared/errors.js';
import { shipped } from '../../shared/shipped.js';

/** What the cache program is asked, as JSON in the file that is its argument. */
export interface CacheRequest {
  readonly task: 'restore' | 'save';
  readonly key: string;
  /** Where the entry's files come from or go to. */
  readonly folder: string;
  /** What is saved. */
  readonly files: readonly string[];
  /** Where it writes its answer: true when the entry was restored, or made. */
  readonly answer: string;
}

/** Minutes would be saved at best. */
const TIMEOUT_SECONDS = 600;

/**
 * Restores the files of a cache entry into a folder. Any number of calls may be made at the same time: the toolkit changes the
 * folder and the environment of the process that it works in, so each gets a process of its own.
 *
 * @returns whether there was such an entry; false, too, with a warning, when the cache failed
 */
export async function restoreEntry(key: string, folder: string): Promise<boolean> {
  return ask({ task: 'restore', key, folder, files: [], answer: `${folder}.answer` });
}

/**
 * Saves files under a key that was not used before. Never fails the job.
 *
 * @param files names in `folder`
 */
export async function saveEntry(key: string, folder: string, files: readonly string[]): Promise<boolean> {
  return ask({ task: 'save', key, folder, files, answer: `${folder}.answer` });
}

async function ask(request: CacheRequest): Promise<boolean> {
  try {
    await mkdir(request.folder, { recursive: true });
    const file = `${request.folder}.request`;
    await writeFile(file, JSON.stringify(request));
    await run(process.execPath, [shipped('cache/index.mjs'), file], {
      env: serviceVariables(),
      onLine: info,
      keepOutput: false,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    return JSON.parse(await readFile(request.answer, 'utf8')) === true;
  } catch (error) {
    warning(`Could not ${request.task} a cache entry: ${errorMessage(error)}`);
    return false;
  }
}

/** Where the runner's services are, and the token for them: programs get neither, but this one is our own. */
function serviceVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('ACTIONS_')));
}
