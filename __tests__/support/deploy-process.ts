import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import type { JournalEntry } from '../../src/model/deploy.js';
import type { DeployOptions } from '../../src/deploy/deploy.js';
import type { TestPackage } from './helloworld-package.js';
import { projectRoot } from './repository.js';
import { sharedErlang } from './shared-erlang.js';

export type ProcessOptions = Partial<Omit<DeployOptions, 'erlang' | 'privateFolder' | 'cancel'>>;

/** How a deploy in a process of its own ended. */
export interface DeployEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Starts deploys as processes of their own, to be killed at any point. */
export class DeployProgram {
  private constructor(
    private readonly folder: string,
    private readonly program: string,
    /** Our Erlang modules, compiled. */
    private readonly ebin: string,
  ) {}

  /** @param folder a test's own, which it removes */
  static async make(folder: string): Promise<DeployProgram> {
    const dir = mkdtempSync(join(folder, 'program-'));
    const program = join(dir, 'programs/deploy.mjs');
    await build({
      entryPoints: [join(projectRoot, '__tests__/support/deploy-program.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    symlinkSync(join(projectRoot, 'src/erlang'), join(dir, 'erlang'));
    const { ebin } = await sharedErlang(dir);
    return new DeployProgram(folder, program, ebin);
  }

  /** @param clockJump hours by which the machine's clock is set meanwhile, for this process */
  start(
    deployRoot: string,
    input: TestPackage,
    options: ProcessOptions = {},
    clockJump?: number,
  ): DeployProcess {
    const folder = mkdtempSync(join(this.folder, 'run-'));
    const file = join(folder, 'options.json');
    const { ebin } = this;
    writeFileSync(
      file,
      JSON.stringify({
        deployRoot,
        watchSeconds: 20,
        health: { soak: 0 },
        ...input,
        ...options,
        folder,
        ebin,
      }),
    );
    const preloaded = ['recording-syncs', ...(clockJump === undefined ? [] : ['jumping-clock'])].flatMap(
      (name) => ['--import', join(projectRoot, `__tests__/support/${name}.mjs`)],
    );
    const synced = join(folder, 'synced');
    return new DeployProcess(
      spawn(process.execPath, [...preloaded, this.program, file], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, CLOCK_JUMP: String(clockJump), SYNCED_FILES: synced },
      }),
      join(folder, 'private/control'),
      synced,
    );
  }
}

export class DeployProcess {
  readonly ended: Promise<DeployEnd>;
  /** When it was started, in milliseconds since 1970. */
  readonly since = Date.now();
  /** Whether it has ended. */
  over = false;
  private output = '';

  constructor(
    private readonly child: ChildProcess,
    /** HOME of its control process. */
    readonly controlHome: string,
    /** Which files it has synced so far, as recording-syncs.mjs writes them down. */
    readonly synced: string,
  ) {
    const add = (data: Buffer): void => void (this.output += data.toString());
    child.stdout?.on('data', add);
    child.stderr?.on('data', add);
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        this.over = true;
        resolve({ exitCode, signal, output: this.output });
      });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Signals it as soon as its journal has an entry of a step; the process has to reach it. */
  async signalAt(root: string, step: string, name: NodeJS.Signals): Promise<DeployEnd> {
    let over = false;
    void this.ended.finally(() => (over = true));
    while (!over && !journalOf(root).some((entry) => entry.step === step)) await setTimeout(1);
    if (over) throw new Error(`It ended before the step ${step}:\n${this.output}`);
    this.signal(name);
    return this.ended;
  }
}

/** The journal of an installed release, as far as it is written. */
export function journalOf(root: string): JournalEntry[] {
  try {
    const lines = readFileSync(join(root, '.relup-action/journal.jsonl'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as JournalEntry);
  } catch {
    return [];
  }
}
