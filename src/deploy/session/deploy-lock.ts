import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { info } from '@actions/core';
import { NodeRefusedError } from '../../shared/errors.js';
import { DEPLOY_FOLDER, type DeployFolder } from './deploy-folder.js';
import { readPlainFile } from '../../node/plain-file.js';
import { identityOf, whetherRuns } from '../../node/process-identity.js';
import type { ProcessIdentity } from '../../model/deploy.js';

const FILE = 'lock';

/** Who holds the lock, as it stands in its file. */
interface Holder {
  readonly id: string;
  readonly process: ProcessIdentity;
  /** ISO 8601. */
  readonly since: string;
  /** What it deploys, for people. */
  readonly what: string;
  /** Address of the workflow run, if it is one. */
  readonly run?: string;
}

/** The right to change an installed release; one deploy at a time has it (H110). */
export class DeployLock {
  private constructor(
    private readonly folder: DeployFolder,
    private readonly id: string,
  ) {}

  /**
   * Takes the lock; one whose holder's process is gone does not count.
   *
   * @param waitSeconds how long another holder is waited for
   * @throws {NodeRefusedError} naming the holder
   */
  static async take(folder: DeployFolder, what: string, waitSeconds: number): Promise<DeployLock> {
    const deadline = performance.now() + 1000 * waitSeconds;
    const id = randomUUID();
    let waiting = false;
    for (;;) {
      const holder = await takeFile(folder, join(folder.dir, FILE), { id, what });
      if (holder === undefined) return new DeployLock(folder, id);
      if (performance.now() >= deadline) throw held(folder, holder);
      if (!waiting) info(`Waiting, as ${holderText(holder)}.`);
      waiting = true;
      await setTimeout(500);
    }
  }

  /** Who is at work on the installed release now, without taking the lock. */
  static async holder(root: string): Promise<string | undefined> {
    const holder = await readHolder(join(root, DEPLOY_FOLDER, FILE));
    return holder !== undefined && (await isHeld(holder)) ? holderText(holder) : undefined;
  }

  /** @throws {NodeRefusedError} when somebody has taken it from us meanwhile, which only happens by hand. */
  async check(): Promise<void> {
    const file = join(this.folder.dir, FILE);
    if ((await readHolder(file))?.id === this.id) return;
    throw new NodeRefusedError(`The lock ${file} was removed while this deploy was at work.`, {
      remedy: 'Do not remove it while a deploy runs. Run this step again: it goes on from the journal.',
    });
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    const file = join(this.folder.dir, FILE);
    if ((await readHolder(file))?.id === this.id) await rm(file, { force: true });
  }
}

/**
 * A stale lock is removed only by who holds the lock on removing that very one: of several that see it, a slow one could
 * otherwise remove what a quick one has put in its place.
 *
 * @returns the other holder; undefined when the lock is ours now
 */
async function takeFile(
  folder: DeployFolder,
  file: string,
  us: Pick<Holder, 'id' | 'what'>,
): Promise<Holder | undefined> {
  for (;;) {
    if (await linkNew(folder, file, us)) return undefined;
    const holder = await readHolder(file);
    if (holder === undefined) continue;
    if (await isHeld(holder)) return holder;
    const guard = `${file}.${holder.id}`;
    if ((await takeFile(folder, guard, us)) !== undefined) {
      await setTimeout(5);
      continue;
    }
    if ((await readHolder(file))?.id === holder.id) await rm(file, { force: true });
    await rm(guard, { force: true });
  }
}

/** Whole or not at all, and only if there is none: a file of our own gets the name by a hard link. */
async function linkNew(
  folder: DeployFolder,
  file: string,
  { id, what }: Pick<Holder, 'id' | 'what'>,
): Promise<boolean> {
  const name = `${basename(file)}.${id}.new`;
  const handle = await folder.openFile(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    await handle.writeFile(JSON.stringify(await ourselves(id, what)));
    await link(join(folder.dir, name), file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await handle.close();
    await rm(join(folder.dir, name), { force: true });
  }
}

async function ourselves(id: string, what: string): Promise<Holder> {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
  const ours = (await identityOf(process.pid)) as ProcessIdentity;
  const since = new Date().toISOString();
  const url = server && repository && run ? { run: `${server}/${repository}/actions/runs/${run}` } : {};
  return { id, process: ours, since, what, ...url };
}

/** Undefined when there is none. */
async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readPlainFile(file);
  if (text === undefined) return undefined;
  if (text === null) throw noFile(file);
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    if (holder?.process?.boot !== undefined) return holder as Holder;
  } catch {
    // a power cut left it empty
  }
  return { id: 'damaged', since: '', what: '', process: { pid: 0, started: '', boot: '', namespace: '' } };
}

function noFile(file: string): NodeRefusedError {
  return new NodeRefusedError(`The lock ${file} is not a lock file, so no deploy can take it.`, {
    remedy: 'See what it is, then remove it; relup-action makes a new lock.',
  });
}

async function isHeld({ process: holder }: Holder): Promise<boolean> {
  return (await whetherRuns(holder)) !== 'gone';
}

function holderText({ process: { pid }, since, what, run }: Holder): string {
  const where = run === undefined ? '' : `, ${run}`;
  return `another deploy (${what}, process id ${pid}, since ${since}${where}) is at work`;
}

function held(folder: DeployFolder, holder: Holder): NodeRefusedError {
  const text = holderText(holder);
  return new NodeRefusedError(`${text.charAt(0).toUpperCase()}${text.slice(1)} on this node.`, {
    remedy: `Wait until it has ended, then run this step again. If it has ended without giving the lock back (it ran in another container), remove ${join(folder.dir, FILE)}.`,
  });
}
