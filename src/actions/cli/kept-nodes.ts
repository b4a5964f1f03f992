import { setTimeout } from 'node:timers/promises';
import { endProcessesBelow } from '../../programs/processes.js';
import { isAlive } from '../../node/release-script.js';
import type { KeptNode } from '../../model/rehearsal.js';
import type { Display } from './display.js';
import type { Attendant, Run } from '../run.js';

/** After this many seconds a rehearsal's nodes end, whatever anybody does. */
const KEPT_SECONDS = 3600;

/** The nodes that `--keep` leaves running, until a key or the time ends them: what nobody knows of must not run on. */
export class KeptNodes {
  private nodes: KeptNode[] = [];

  constructor(private readonly display: Pick<Display, 'say' | 'settle'>) {}

  /** For {@link Attendant}. */
  get keep(): NonNullable<Attendant['keep']> {
    return {
      seconds: KEPT_SECONDS,
      told: (node) => {
        this.nodes = [...this.nodes.filter(({ upFrom }) => upFrom !== node.upFrom), node];
      },
    };
  }

  /** Tells how to attach, and waits. */
  async hold({ workspace, record }: Run): Promise<void> {
    if (this.nodes.length === 0) return;
    this.display.settle(record.failure === undefined ? 'done' : 'failed');
    if (record.failure !== undefined) this.display.say(record.failure.message);
    for (const { upFrom, nodeName, pid, attach } of this.nodes) {
      this.display.say(
        `The node that was upgraded from ${upFrom} keeps running: ${nodeName}, process id ${pid}.`,
      );
      this.display.say(`  attach to it: ${attach}`);
    }
    this.display.say(
      `Ctrl-C (or kill ${process.pid}) stops it; after ${KEPT_SECONDS / 60} minutes it stops by itself.`,
    );
    await this.untilStopped();
    endProcessesBelow(workspace.dir);
  }

  /** The signals' other handlers would end this process at once. */
  private async untilStopped(): Promise<void> {
    const stop = new AbortController();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) {
      process.removeAllListeners(signal);
      process.once(signal, () => stop.abort());
    }
    const deadline = performance.now() + 1000 * KEPT_SECONDS;
    while (!stop.signal.aborted && performance.now() < deadline && (await this.anyRuns())) {
      await setTimeout(500, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  private async anyRuns(): Promise<boolean> {
    return (await Promise.all(this.nodes.map(({ pid }) => isAlive(pid)))).includes(true);
  }
}
