import { expect, vi } from 'vitest';
import type { ProcessOptions } from '../../support/deploy-process.js';
import { processesWith } from '../../support/processes.js';
import { interrupt, pointText, reached, stateOf, type Point } from './interruption.js';
import { Random } from './options.js';
import { endAll, type Placed } from './placed.js';
import { inodesOf, loseUnsynced } from './power-cut.js';

/** With the user's command, which has entries of its own. */
export const WITH_BEFORE: ProcessOptions = {
  commandTexts: { before: 'sleep 0.3', after: '', start: '', stop: '' },
};

/** Its health never comes. */
export const SICK: ProcessOptions = {
  health: { check: '[[ $RELUP_STAGE != health ]]', soak: 0, timeout: 3 },
};

/** One kill after the other of a deploy of the good package, or of one whose release is not healthy. */
export interface KillPlan {
  readonly index: number;
  readonly step: string;
  readonly sick: boolean;
}

/** Half of the kills are at an entry of the journal, one entry after the other; the others at any time. */
export function killPlans(
  count: number,
  { good, sick }: Record<'good' | 'sick', readonly string[]>,
): KillPlan[] {
  return Array.from({ length: count }, (_, index) => {
    const isSick = index % 4 === 3;
    const steps = isSick ? sick : good;
    const step = steps[Math.floor((isSick ? index / 4 : index - Math.floor(index / 4)) % steps.length)] ?? '';
    return { index, sick: isSick, step: index % 4 === 1 ? 'any' : step };
  });
}

/** Kills it, sometimes twice, and runs it again. */
export async function killed(placed: Placed, { index, step, sick }: KillPlan): Promise<void> {
  const random = new Random(`${placed.goal} ${index}`);
  const options = { ...WITH_BEFORE, ...(sick ? SICK : {}) };
  const anyTime = (): Point => ({ after: random.below(Math.ceil(placed.took)) });
  await placed.withNode(async (node) => {
    const said: string[] = [];
    let point: Point = step === 'any' ? anyTime() : { step, after: random.below(3) * 20 };
    let last: string | undefined;
    try {
      do {
        const deploy = placed.start(node, options);
        const end = await interrupt(deploy, node.root, point, 'SIGKILL');
        said.push(`${end.hit ? `killed ${pointText(point)}` : 'ended'}: ${end.output}`);
        if (!end.hit) last = stateOf(end);
        // what it had started ends, too
        await vi.waitFor(() => expect(processesWith('HOME', deploy.controlHome)).toEqual([]), 30_000);
        point = anyTime();
      } while (random.below(4) === 0);
      const { state, output } = await placed.deploy(node, options);
      said.push(output);
      if (sick) expect(['untouched', 'rebooted-into-old']).toContain(state);
      else expect(placed.isGoal(state), state).toBe(true);
      await placed.holds(node, state);
      placed.tally.add(
        `killed at ${step}${sick ? ', not healthy' : ''}`,
        last === undefined ? state : `${last}, then ${state}`,
      );
    } catch (error) {
      throw new Error(said.join('\n---\n'), { cause: error });
    }
  });
}

/** Cuts the power, starts the machine, and runs it again. */
export async function powerCut(placed: Placed, step: string, index: number): Promise<void> {
  const random = new Random(`${placed.goal} power ${index}`);
  await placed.withNode(async (node) => {
    const known = inodesOf(node.root);
    const deploy = placed.start(node, WITH_BEFORE);
    await reached(deploy, node.root, step);
    await new Promise((done) => setTimeout(done, random.below(100)));
    deploy.signal('SIGKILL');
    const { output } = await deploy.ended;
    await endAll(node);
    const lost = loseUnsynced(node, { synced: deploy.synced, known, random });
    try {
      // what runs on the machine starts with it
      if (placed.goal === 'restarted') node.pid = (await node.installed.start()).pid;
      const states = await placed.finish(node, WITH_BEFORE);
      placed.tally.add(`power cut at ${step}`, states.join(', then '));
    } catch (error) {
      throw new Error(`It had lost ${lost.slice(0, 30).join('; ')}.\n${output}`, { cause: error });
    }
  });
}
