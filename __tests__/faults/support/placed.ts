import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { DeployProgram, type DeployProcess, type ProcessOptions } from '../../support/deploy-process.js';
import { describePackage } from '../../support/helloworld-package.js';
import { processesWith, signalAll } from '../../support/processes.js';
import { temporaryFolder } from '../../support/repository.js';
import type { InstallOptions } from '../../support/running-release.js';
import { note } from './figures.js';
import { stateOf } from './interruption.js';
import { NEW, OLD, Packages } from './packages.js';
import { ServingNode } from './serving-node.js';
import { Tally } from './tally.js';
import { comparable, Verdict } from './verdict.js';

const QUICK: ProcessOptions = {
  ...{ allowRestart: true, watchSeconds: 20, stopSeconds: 60, lockSeconds: 60 },
  health: { soak: 0, timeout: 90 },
};

/** What the faults of installations, or those of restarts, share. */
export class Placed {
  /** What a deploy says that came to its end. */
  readonly goal: 'installed' | 'restarted';
  /** How long one takes that nothing disturbs, in milliseconds. */
  took = 0;
  readonly tally: Tally;
  private verdict: Verdict | undefined;

  private constructor(
    private readonly way: 'install' | 'restart',
    private readonly folder: string,
    private readonly program: DeployProgram,
    private readonly good: ProcessOptions,
  ) {
    this.goal = way === 'install' ? 'installed' : 'restarted';
    this.tally = new Tally(`Releases that are ${this.goal}`);
  }

  static async prepare(way: 'install' | 'restart'): Promise<Placed> {
    const folder = temporaryFolder();
    const { manifest } = await Packages.shared().good();
    const tree = join(folder, 'good');
    unpack(tree);
    const placed = new Placed(way, folder, await DeployProgram.make(folder), {
      fullPackage: describePackage(Packages.shared().full(NEW), tree),
      manifest: { ...manifest, upgradeKind: 'restart', verdict: 'restart' },
    });
    await placed.deployUndisturbed();
    return placed;
  }

  /** The package with another configuration of the release. */
  withConfiguration(text: string): ProcessOptions {
    const tree = mkdtempSync(join(this.folder, 'changed-'));
    unpack(tree);
    writeFileSync(join(tree, `releases/${NEW}/sys.config`), text);
    const path = `${tree}.tar.gz`;
    execFileSync('tar', ['-czf', path, ...readdirSync(tree)], { cwd: tree });
    return { fullPackage: describePackage(path, tree) };
  }

  /** How much room the package needs, in bytes. */
  get size(): number {
    const { path = '', files = [] } = this.good.fullPackage ?? {};
    return files.reduce((sum, { size }) => sum + size, readFileSync(path).length);
  }

  /** A node of the old release that runs; for an installation an empty root. Removed, whatever becomes of the work. */
  async withNode(work: (node: ServingNode) => Promise<void>, options: InstallOptions = {}): Promise<void> {
    const nothing = mkdtempSync(join(this.folder, 'nothing-'));
    const source = this.way === 'install' ? nothing : Packages.shared().installed(OLD);
    // what a node that crashes leaves of itself stays where it is, for people
    const environment = { ERL_CRASH_DUMP: '/dev/null' };
    const node = await ServingNode.install(source, { environment, ...options });
    try {
      if (this.way === 'restart') node.pid = (await node.installed.start()).pid;
      await work(node);
    } finally {
      await endAll(node);
      await node.remove();
    }
  }

  /** Starts a deploy as a process of its own. */
  start(node: ServingNode, options: ProcessOptions = {}): DeployProcess {
    const serviceEnvironment = node.installed.environment;
    const all = { ...QUICK, ...this.good, serviceEnvironment, ...options };
    const deploy = this.program.start(node.root, all as never);
    void deploy.ended.then((end) => note({ deploy: stateOf(end) }));
    return deploy;
  }

  async deploy(node: ServingNode, options: ProcessOptions = {}): Promise<{ state: string; output: string }> {
    const end = await this.start(node, options).ended;
    return { state: stateOf(end), output: end.output };
  }

  /**
   * Runs the step again until the new release is there for good.
   *
   * @returns the states that it ended with
   */
  async finish(node: ServingNode, options: ProcessOptions = {}): Promise<string[]> {
    const states: string[] = [];
    const said: string[] = [];
    while (states.length < 3 && !this.isGoal(states.at(-1))) {
      const { state, output } = await this.deploy(node, options);
      states.push(state);
      said.push(output);
    }
    expect(this.isGoal(states.at(-1)), said.join('---\n')).toBe(true);
    await this.holds(node, states.at(-1) ?? '');
    return states;
  }

  /** What a deploy said of the node is so; `upgraded` where it had nothing left to do. */
  async holds(node: ServingNode, state: string): Promise<void> {
    await this.verdict?.holds(node, state === 'upgraded' ? this.goal : state);
  }

  /** Whether the new release is there for good. */
  isGoal(state: string | undefined): boolean {
    return state === this.goal || state === 'upgraded';
  }

  close(): void {
    this.tally.print();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private deployUndisturbed(): Promise<void> {
    return this.withNode(async (node) => {
      const begun = performance.now();
      const { state, output } = await this.deploy(node);
      this.took = performance.now() - begun;
      expect(state, output).toBe(this.goal);
      this.verdict = new Verdict(Packages.shared(), { files: comparable(node), boot: node.bootFiles() });
      await this.holds(node, state);
    });
  }
}

/** As a power cut does: the node, and who starts it; not the machine's epmd, which others need. */
export async function endAll({ installed }: ServingNode): Promise<void> {
  const found = (): number[] =>
    processesWith('PIPE_DIR', installed.environment['PIPE_DIR'] ?? '').filter(
      (pid) => nameOf(pid) !== 'epmd',
    );
  await vi.waitFor(() => {
    signalAll(found(), 'SIGKILL');
    expect(found()).toEqual([]);
  }, 20_000);
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function unpack(tree: string): void {
  mkdirSync(tree, { recursive: true });
  execFileSync('tar', ['-xzf', Packages.shared().full(NEW), '-C', tree]);
}
