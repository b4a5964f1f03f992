import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { pidsOf } from '../../../src/node/node-process.js';
import { journalOf } from '../../support/deploy-process.js';
import { NEW, OLD, type Packages } from './packages.js';
import type { ServingNode } from './serving-node.js';

/** Of deploys that brought the new release for good. */
const GOALS = ['upgraded', 'installed', 'restarted'];

/** What an upgrade that nothing disturbed leaves. */
export interface Reference {
  readonly files: Readonly<Record<string, string>>;
  readonly boot: ReturnType<ServingNode['bootFiles']>;
}

/** RELEASES holds absolute paths; it is compared by {@link ServingNode.bootFiles}. */
export function comparable(node: ServingNode): Record<string, string> {
  const files = node.installed.files();
  delete files['releases/RELEASES'];
  return files;
}

/** Checks everything that the state promises of a node that runs. */
export class Verdict {
  constructor(
    private readonly packages: Packages,
    private readonly reference: Reference,
  ) {}

  /** What a deploy says of a node that runs must be so. */
  async holds(node: ServingNode, state: string): Promise<void> {
    if (GOALS.includes(state)) return this.upgraded(node, state);
    if (['untouched', 'downgraded', 'rebooted-into-old'].includes(state)) return this.old(node, state);
    expect(state).toBe('installed-not-permanent');
    expect(await node.code()).toEqual(await this.expectedCode(NEW));
    expect(node.bootFiles()).toMatchObject({ script: OLD });
  }

  /** The new release runs, by code, and is what the next boot boots; all files are as an undisturbed upgrade leaves them. */
  private async upgraded(node: ServingNode, state: string): Promise<void> {
    expect(await node.code()).toEqual(await this.expectedCode(NEW));
    expect(node.bootFiles()).toEqual(this.reference.boot);
    expect(comparable(node)).toEqual(this.reference.files);
    this.settled(node, state);
  }

  /** The old release runs, by code, or nothing where nothing was; all files are as they were. */
  private async old(node: ServingNode, state: string): Promise<void> {
    if (Object.keys(node.before).length === 0) expect(await pidsOf(node.root)).toEqual([]);
    else expect(await node.code()).toEqual(await this.expectedCode(OLD));
    expect(node.installed.files()).toEqual(node.before);
    this.settled(node, state);
  }

  /** The emulator is the one that was started, and no request was lost. */
  async served(node: ServingNode): Promise<number> {
    const { requests, lost } = await node.service();
    expect(lost).toEqual([]);
    expect(requests).toBeGreaterThan(0);
    expect(await node.answeringPid()).toBe(node.pid);
    return requests;
  }

  async expectedCode(version: string): Promise<Readonly<Record<string, string>>> {
    const { manifest } = await this.packages.good();
    const release = [manifest, ...manifest.upFrom].find((one) => one.version === version);
    return release?.applications.find(({ name }) => name === 'webcounter')?.modules ?? {};
  }

  /** Nothing is left to go on with. */
  private settled({ root }: ServingNode, state: string): void {
    expect(journalOf(root).at(-1)).toMatchObject({ step: 'end', nodeState: state });
    for (const name of ['lock', 'before', 'unpacked', 'room'])
      expect(existsSync(join(root, '.relup-action', name))).toBe(false);
  }
}
