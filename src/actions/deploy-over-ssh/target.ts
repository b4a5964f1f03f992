import { info } from '@actions/core';
import type { ResidentOptions, ResidentProgram } from '../../programs/resident-program.js';
import type { Ssh } from '../../programs/ssh.js';
import { sshFailure } from '../../programs/ssh-failure.js';
import { CommandFailedError, NodeRefusedError } from '../../shared/errors.js';
import { DEPLOY, END, EXAMINE, EXAMINE_SCRIPT, REMOVE, TRY_NODE, UNPACK } from './target-commands.js';
import { folderIn, noShell, readFacts, type TargetFacts } from './target-facts.js';
import { unended } from '../../shared/unended.js';

/** A short command may take so long, in seconds. */
const SHORT = 60;

/** The machine that is deployed to, with a private folder of ours on it. */
export class Target {
  private constructor(
    private readonly ssh: Ssh,
    private readonly facts: TargetFacts,
  ) {}

  /** Looks at the machine, and makes the folder. @throws {NodeRefusedError} */
  static async examine(ssh: Ssh): Promise<Target> {
    const { stdout } = await ssh
      .run(EXAMINE, { input: EXAMINE_SCRIPT, timeoutSeconds: SHORT })
      .catch((error: unknown) => {
        if (!(error instanceof CommandFailedError) || error.end.kind !== 'exited') throw error;
        throw noShell(ssh.name, error.details ?? '');
      });
    try {
      return new Target(ssh, readFacts(stdout, ssh.name, process));
    } catch (error) {
      const folder = folderIn(stdout);
      if (folder !== undefined) await Target.at(ssh, folder).remove();
      throw error;
    }
  }

  /** A folder that was made earlier. */
  static at(ssh: Ssh, folder: string): Target {
    return new Target(ssh, { folder, node: undefined });
  }

  get name(): string {
    return this.ssh.name;
  }

  get folder(): string {
    return this.facts.folder;
  }

  /** Path of the machine's own Node, if it has one that does. */
  get node(): string | undefined {
    return this.facts.node;
  }

  /** Unpacks a parcel there. @throws {NodeRefusedError} */
  async bring(parcel: string): Promise<void> {
    const { ssh, folder, node } = this;
    await ssh.send({ line: folder, file: parcel }, UNPACK).catch((error: unknown) => {
      throw this.refused(error, 'could not be brought to', 'Free some space in /tmp there.');
    });
    if (node !== undefined) return;
    info('That machine has no Node that is new enough, so ours was brought along.');
    await ssh.run(TRY_NODE, { input: `${folder}\n`, timeoutSeconds: SHORT }).catch((error: unknown) => {
      throw this.refused(
        error,
        'was brought along, but its Node does not run on',
        'Install Node 24 there; a /tmp from which nothing may be started, or another C library, cannot be helped from here.',
      );
    });
  }

  /** Why there was no connection at all, from what ssh printed. */
  notConnected(printed: string): NodeRefusedError | undefined {
    return sshFailure(this.ssh.address, printed);
  }

  /** Starts the deploy there. */
  start(on: Omit<ResidentOptions, 'cwd' | 'env' | 'ownGroup'>): ResidentProgram {
    const program = this.ssh.start(DEPLOY, on);
    program.send(this.folder);
    program.send(this.node ?? `${this.folder}/node`);
    return program;
  }

  /** Ends it at once, one that hangs, too. */
  async end(): Promise<void> {
    await this.ssh.run(END, { input: `${this.folder}\n`, timeoutSeconds: SHORT }).catch(() => undefined);
  }

  /** Removes the folder; a deploy that is at work there may end first. */
  async remove(): Promise<void> {
    await this.ssh.run(REMOVE, { input: `${this.folder}\n`, timeoutSeconds: 2 * SHORT, okCodes: [0, 1] });
  }

  private refused(error: unknown, how: string, remedy: string): unknown {
    if (!(error instanceof CommandFailedError)) return error;
    const [reason = error.end.text] = (error.details ?? '').trim().split('\n');
    return new NodeRefusedError(`This action ${how} ${this.name}: ${unended(reason)}.`, {
      remedy,
      details: error.details,
      cause: error,
    });
  }
}
