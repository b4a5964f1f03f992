import { info } from '@actions/core';
import { constants } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt, Footprint, JournalStep, NodeState } from '../../model/deploy.js';
import { entryText } from '../../model/deploy.js';
import type { Finding } from '../../model/finding.js';
import { DiskFullError, explainFullDisk } from '../../node/durable-file.js';
import { ActionError } from '../../shared/errors.js';
import { DEPLOY_FOLDER, type DeployFolder, openDeployFolder } from './deploy-folder.js';
import { DeployLock } from './deploy-lock.js';
import { recordFootprint } from './footprint.js';
import { Journal } from './journal.js';

/** A file in the deploy's folder that only keeps room. */
const ROOM = 'room';
const ROOM_BYTES = 2 ** 20;

export interface SessionOptions {
  readonly deployRoot: string;
  /** The node's user. */
  readonly owner: { readonly uid: number; readonly gid: number };
  /** What is deployed, for whoever finds the lock. */
  readonly what: string;
  /** How long another deploy is waited for. */
  readonly waitSeconds: number;
  /** Aborted when the job is cancelled; its reason is the signal's name. */
  readonly cancel?: AbortSignal | undefined;
}

/** The job was cancelled; whoever catches it leaves the node in a state that the journal names. */
export class CancelledError extends ActionError {}

/** One deploy at work on an installed release: it holds the lock and writes the journal. */
export class DeploySession {
  /** What people should know although it is no obstacle; added to. */
  readonly findings: Finding[] = [];

  /** When the installation began, by performance.now(). */
  installBegan: number | undefined;

  private constructor(
    readonly journal: Journal,
    private readonly held: { readonly lock: DeployLock; readonly folder: DeployFolder },
    private readonly options: SessionOptions,
  ) {}

  /** @throws {NodeRefusedError} when another deploy is at work, or the installed root cannot be written to. */
  static async open(options: SessionOptions): Promise<DeploySession> {
    const folder = await openDeployFolder(options.deployRoot, options.owner);
    const lock = await DeployLock.take(folder, options.what, options.waitSeconds);
    try {
      return new DeploySession(await Journal.open(folder), { lock, folder }, options);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Records what is there, to be put back when the deploy is undone. */
  recordFootprint(members: readonly string[], changed: readonly string[]): Promise<Footprint> {
    return recordFootprint({ root: this.options.deployRoot, members, changed, folder: this.copies });
  }

  /** Takes the room on the disk that what comes after the installation needs: records, start script, entries of the journal. */
  async takeRoom(): Promise<void> {
    await this.giveRoom();
    const handle = await this.held.folder.openFile(
      ROOM,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
    );
    try {
      await handle.writeFile(Buffer.alloc(ROOM_BYTES, 1));
      await handle.sync();
    } catch (error) {
      throw explainFullDisk(
        error,
        this.held.folder.dir,
        'the release could not be made permanent after its installation',
      );
    } finally {
      await handle.close();
    }
  }

  /** Gives that room to what needs it now. */
  async giveRoom(): Promise<void> {
    await rm(join(this.held.folder.dir, ROOM), { force: true });
  }

  /** Begins the journal of a deploy. */
  async begin(attempt: Attempt): Promise<void> {
    await this.held.lock.check();
    await this.journal.begin(attempt);
    this.log();
  }

  /** Writes what is about to be done into the journal. */
  async note(step: JournalStep): Promise<void> {
    await this.held.lock.check();
    await this.journal.write(step).catch(async (error: unknown) => {
      if (!(error instanceof DiskFullError)) throw error;
      await this.giveRoom();
      await this.journal.write(step);
    });
    if (step.step === 'install') this.installBegan = performance.now();
    this.log();
  }

  /** Closes the journal: nothing is left to go on with or to undo. */
  async end(nodeState: NodeState): Promise<void> {
    await this.note({ step: 'end', nodeState });
  }

  /** @throws {CancelledError} between two steps, when the job was cancelled. */
  stopIfCancelled(): void {
    const { cancel } = this.options;
    if (cancel?.aborted !== true) return;
    throw new CancelledError(`The deploy was cancelled (${String(cancel.reason)}).`);
  }

  /** The copies go with the journal's end, also when the deploy that ended it was killed before it could remove them. */
  async close(): Promise<void> {
    if (this.journal.unfinished === undefined) {
      await rm(this.copies, { recursive: true, force: true });
      await this.giveRoom();
    }
    await this.held.lock.release();
  }

  private get copies(): string {
    return join(this.options.deployRoot, DEPLOY_FOLDER, 'before');
  }

  private log(): void {
    const { last } = this.journal;
    if (last !== undefined) info(`Journal: ${entryText(last)}`);
  }
}
