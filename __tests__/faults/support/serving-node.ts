import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import type { Visit } from '../../../scripts/bench/load.mjs';
import { startLoad } from '../../../scripts/bench/load-thread.mjs';
import { failures, miscounts } from '../../../scripts/bench/visits.mjs';
import { isAlive } from '../../support/processes.js';
import { InstalledRelease, removeLastFiles, type InstallOptions } from '../../support/running-release.js';
import { note } from './figures.js';
import { OLD, Packages } from './packages.js';

/** Requests per second: one every 10 ms over kept connections, and some over new ones. */
const RATE = { kept: 100, fresh: 20, connections: 4 };

/** What the visits of a node came to. */
export interface Service {
  readonly requests: number;
  /** Requests that failed, and visits that were forgotten or counted twice; in words. */
  readonly lost: readonly string[];
}

/** A node of webcounter that is visited all the time. */
export class ServingNode {
  /** Process id of the emulator. */
  pid = 0;
  /** The files of the installed root at first. */
  readonly before: Readonly<Record<string, string>>;
  private load: ReturnType<typeof startLoad> | undefined;
  private counted = 0;

  private constructor(readonly installed: InstalledRelease) {
    this.before = installed.files();
  }

  /** Installed, and not started yet. */
  static async install(source: string, options: InstallOptions = {}): Promise<ServingNode> {
    return new ServingNode(await InstalledRelease.install(source, { ...options, release: 'webcounter' }));
  }

  static async start(options: InstallOptions = {}, version = OLD): Promise<ServingNode> {
    const node = await ServingNode.install(Packages.shared().installed(version), options);
    try {
      await node.boot();
      return node;
    } catch (error) {
      await node.remove();
      throw error;
    }
  }

  get root(): string {
    return this.installed.root;
  }

  /** Starts the node, when it does not run, and the visits. */
  async boot(): Promise<void> {
    ({ pid: this.pid } = await this.installed.start());
    await this.visit();
  }

  /** Starts the visits. */
  async visit(): Promise<void> {
    // its distribution is up before its applications are
    const port = await vi.waitFor(async () => {
      const answer = Number(await this.installed.ask('webcounter_listener port'));
      expect(answer).toBeGreaterThan(0);
      return answer;
    }, 60_000);
    this.counted = Number(await this.installed.ask('webcounter_counter total'));
    this.load = startLoad({ port, ...RATE });
  }

  /** Ends the visits, whatever became of them. */
  async stopVisits(): Promise<void> {
    await this.endVisits(true);
  }

  /** Ends the visits. */
  async service(): Promise<Service> {
    const visits = await this.endVisits(false);
    const failed = Object.entries(failures(visits)).map(([kind, count]) => `${count} × ${kind}`);
    return { requests: visits.length, lost: [...failed, ...miscounts(visits, this.counted)] };
  }

  private async endVisits(spoilt: boolean): Promise<readonly Visit[]> {
    const visits = (await this.load?.stop()) ?? [];
    this.load = undefined;
    const lost = visits.filter(({ failure }) => failure !== undefined).length;
    if (visits.length > 0) note({ requests: visits.length, lost, spoilt });
    return visits;
  }

  /** As a power cut, or the kernel when memory is short, does. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.gone();
    // whatever was asked meanwhile was lost with the node
    await this.stopVisits();
  }

  /** As the machine's service manager does, in order. */
  async restart(): Promise<void> {
    await this.stopVisits();
    await this.installed.evaluate('init:stop()');
    await this.gone();
    await this.boot();
  }

  /** MD5 of each module of webcounter, as loaded. */
  async code(): Promise<Record<string, string>> {
    const text = await this.installed.evaluate(
      `lists:flatten([[atom_to_list(M), $=, string:lowercase(binary_to_list(binary:encode_hex(M:module_info(md5)))), $;]
        || {M, File} <- code:all_loaded(), is_list(File), string:find(File, "/webcounter-") =/= nomatch])`,
    );
    const pairs = [...text.matchAll(/(\w+)=([0-9a-f]{32});/g)];
    return Object.fromEntries(pairs.map(([, name = '', md5 = '']) => [name, md5]));
  }

  /** Process id, as the node that answers now says. */
  async answeringPid(): Promise<number> {
    return Number(/\d+/.exec(await this.installed.evaluate('os:getpid()'))?.[0]);
  }

  /** What the next boot reads: RELEASES, start_erl.data and the version in bin/webcounter. */
  bootFiles(): { releases: string; start: string; script: string | undefined } {
    const read = (path: string): string => readFileSync(join(this.root, path), 'utf8');
    return {
      releases: read('releases/RELEASES').replaceAll(this.root, '<root>'),
      start: read('releases/start_erl.data').trim(),
      script: /^REL_VSN="([^"]*)"$/m.exec(read('bin/webcounter'))?.[1],
    };
  }

  async remove(): Promise<void> {
    await this.stopVisits();
    await this.installed.remove();
    removeLastFiles(this.root);
  }

  private async gone(): Promise<void> {
    while (isAlive(this.pid)) await setTimeout(10);
  }
}

/** Removes the node, whatever becomes of the work. */
export async function withNode<T>(
  work: (node: ServingNode) => Promise<T>,
  options: InstallOptions = {},
): Promise<T> {
  const node = await ServingNode.start(options);
  try {
    return await work(node);
  } finally {
    await node.remove();
  }
}
