import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProcessOptions } from '../support/deploy-process.js';
import type { TestPackage } from '../support/helloworld-package.js';
import { processesWith } from '../support/processes.js';
import { Bench } from './support/bench.js';
import { interrupt, pointText, stateOf, type Point } from './support/interruption.js';
import { Random, RUNS } from './support/options.js';
import { ServingNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Deploys that were killed');
});

afterAll(() => bench.close());

/** What is deployed, and how that ends when it is killed and run again. */
interface Subject {
  readonly ends: 'upgraded' | 'untouched' | 'downgraded';
  readonly steps: readonly string[];
  input(): Promise<TestPackage>;
  readonly options?: ProcessOptions;
}

const BEFORE = ['begin', 'put-package', 'unpack', 'configure'];
const SUBJECTS: Readonly<Record<string, Subject>> = {
  'a good package': {
    ends: 'upgraded',
    steps: [...BEFORE, 'install', 'installed', 'make-permanent', 'start-script', 'end'],
    input: () => bench.packages.good(),
  },
  'a package whose configuration cannot be read': {
    ends: 'untouched',
    steps: [...BEFORE, 'undo'],
    input: () => bench.packages.changed('releases/1.1.0/sys.config', () => '[{webcounter, [}].\n'),
  },
  'a release that is not healthy': {
    ends: 'downgraded',
    steps: [...BEFORE, 'install', 'installed', 'downgrade', 'undo'],
    input: () => bench.packages.good(),
    options: { health: { check: '[[ $RELUP_STAGE != health ]]', soak: 0, timeout: 2 } },
  },
};

/** One in five each is a bad one. */
function subjectOf(index: number): string {
  const names = Object.keys(SUBJECTS);
  return names[Math.max(0, (index % 5) - 2)] as string;
}

interface Plan {
  readonly name: string;
  readonly subject: Subject;
  /** The first kill. */
  readonly point: Point;
  readonly random: Random;
}

/** Half of the kills are at an entry of the journal, one entry after the other; the others at any time. */
function planOf(index: number): Plan {
  const random = new Random(`kill ${index}`);
  const name = subjectOf(index);
  const subject = SUBJECTS[name] as Subject;
  const step = subject.steps[Math.floor(index / 2) % subject.steps.length] as string;
  const atStep = index % 2 === 0;
  const point = atStep ? { step, after: random.below(3) * 10 } : { after: random.below(10_000) };
  return { name: `${index}: ${name}, ${atStep ? step : 'at random'}`, subject, point, random };
}

describe.concurrent('a deploy that is killed, and run again', () => {
  it.each(Array.from({ length: RUNS }, (_, index) => planOf(index)))('$name', async (plan) => {
    const { subject, random } = plan;
    const input = await subject.input();
    const node = await ServingNode.start();
    const history: string[] = [];
    try {
      const start = () => bench.start(node, input, subject.options);
      let point = scaled(plan.point);
      let kills = 0;
      do {
        const deploy = start();
        const { hit, output } = await interrupt(deploy, node.root, point, 'SIGKILL');
        history.push(`${hit ? `killed ${pointText(point)}` : 'ended'}: ${output}`);
        // what it had started ends, too
        await vi.waitFor(() => expect(processesWith('HOME', deploy.controlHome)).toEqual([]), 30_000);
        kills += hit ? 1 : 0;
        point = scaled({ after: random.below(10_000) });
      } while (random.below(3) === 0);
      const last = await start().ended;
      history.push(last.output);
      expect(stateOf(last)).toBe(subject.ends);
      await bench.served(node);
      await bench.verdict.holds(node, subject.ends);
      bench.tally.add(`killed ${kills === 1 ? 'once' : `${kills} times`}`, subject.ends);
      if (random.below(4) === 0) await bootsWhatRan(node);
    } catch (error) {
      throw new Error(history.join('\n---\n'), { cause: error });
    } finally {
      await node.remove();
    }
  });
});

async function bootsWhatRan(node: ServingNode): Promise<void> {
  const ran = await node.code();
  await node.restart();
  expect(await node.code()).toEqual(ran);
  bench.tally.add('restarted afterwards', 'booted what had run');
}

/** Times are ten-thousandths of what an undisturbed deploy takes on this machine. */
function scaled(point: Point): Point {
  return point.step === undefined ? { after: Math.round((point.after * bench.took) / 10_000) } : point;
}
