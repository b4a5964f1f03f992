import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DeployProgram, type DeployProcess, type ProcessOptions } from '../../support/deploy-process.js';
import type { TestPackage } from '../../support/helloworld-package.js';
import { temporaryFolder } from '../../support/repository.js';
import { note } from './figures.js';
import { stateOf } from './interruption.js';
import { Packages } from './packages.js';
import { withNode, type ServingNode } from './serving-node.js';
import { Tally } from './tally.js';
import { comparable, Verdict, type Reference } from './verdict.js';

/** No soak, and no long waits for nodes that are gone. */
const QUICK: ProcessOptions = { health: { soak: 0, timeout: 20 }, watchSeconds: 20, lockSeconds: 60 };

/** What the faults of one test file share. */
export class Bench {
  readonly packages = Packages.shared();

  private constructor(
    private readonly folder: string,
    private readonly program: DeployProgram,
    private readonly good: TestPackage,
    readonly verdict: Verdict,
    /** How long a deploy takes that nothing disturbs, in milliseconds. */
    readonly took: number,
    readonly tally: Tally,
  ) {}

  static async prepare(title: string): Promise<Bench> {
    const folder = temporaryFolder();
    const packages = Packages.shared();
    const program = await DeployProgram.make(folder);
    const good = await packages.good();
    const reference = await referenceFor(packages, program, good);
    const verdict = new Verdict(packages, reference);
    return new Bench(folder, program, good, verdict, reference.took, new Tally(title));
  }

  /** Starts a deploy as a process of its own. */
  start(
    node: ServingNode,
    input = this.good,
    options: ProcessOptions = {},
    clockJump?: number,
  ): DeployProcess {
    const deploy = this.program.start(node.root, input, { ...QUICK, ...options }, clockJump);
    void deploy.ended.then((end) => note({ deploy: stateOf(end) }));
    return deploy;
  }

  /** Deploys, and gives the state that it ends with and what it said. */
  async deploy(
    node: ServingNode,
    input = this.good,
    options: ProcessOptions = {},
  ): Promise<{ readonly state: string; readonly output: string }> {
    const end = await this.start(node, input, options).ended;
    return { state: stateOf(end), output: end.output };
  }

  /**
   * Runs the step again, and restarts the node when it is told to, until the new release is there for good.
   *
   * @returns the states that it ended with
   */
  async finish(node: ServingNode): Promise<string[]> {
    const states: string[] = [];
    const said: string[] = [];
    while (states.length < 4 && states.at(-1) !== 'upgraded') {
      const { state, output } = await this.deploy(node);
      states.push(state);
      said.push(output);
      if (/\brestart the node\b/i.test(output)) await node.restart();
    }
    expect(states.at(-1), said.join('---\n')).toBe('upgraded');
    await this.served(node);
    await this.verdict.holds(node, 'upgraded');
    return states;
  }

  /** No request was lost, and the emulator is the one that was started. */
  async served(node: ServingNode): Promise<void> {
    this.tally.served(await this.verdict.served(node));
  }

  close(): void {
    this.tally.print();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface TimedReference extends Reference {
  readonly took: number;
}

/** Deploys once without any fault, for all test files: what that leaves is what every deploy must leave in the end. */
async function referenceFor(
  packages: Packages,
  program: DeployProgram,
  good: TestPackage,
): Promise<TimedReference> {
  const file = join(packages.folder, 'reference.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as TimedReference;
  return withNode(async (node) => {
    const begun = performance.now();
    const end = await program.start(node.root, good, QUICK).ended;
    const took = performance.now() - begun;
    expect(stateOf(end), end.output).toBe('upgraded');
    const reference = { files: comparable(node), boot: node.bootFiles(), took };
    writeFileSync(file, JSON.stringify(reference));
    return reference;
  });
}
