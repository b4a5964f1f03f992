import { endProcesses, leftOut } from './suspensions.js';
import type { BusyProcess } from '../../model/deploy.js';
import type { UpgradeContext } from '../upgrade-context.js';
import { ActionError } from '../../shared/errors.js';

/** Whoever kept an old state under the new code will fail sooner or later, whatever the node says now (H135). */
export async function leftOutFailure(context: UpgradeContext): Promise<ActionError | undefined> {
  const { version } = context.manifest;
  const [first, ...others] = await leftOut(context);
  if (first === undefined) return undefined;
  return new ActionError(
    `the process ${first.text} did not answer release_handler within 5 seconds and was left out, so it has its old state under the code of ${version}`,
    {
      remedy:
        'Deploy when it is less busy, or give it more time in the appup: {update, Module, Milliseconds, {advanced, Extra}, brutal_purge, brutal_purge, []}.',
      details: [first, ...others].map(({ text }) => text).join('\n'),
    },
  );
}

/**
 * After the way back: who was left out on the way up must have been left out on the way down, and nobody else. Anybody else has a
 * state that the old code does not know, and is ended for its supervisor to start it anew.
 *
 * @param kept who was left out on the way up, and was held on the way down
 * @returns what is to be said of them; undefined when there is nothing
 */
export async function mendStates(
  context: UpgradeContext,
  kept: readonly BusyProcess[],
): Promise<string | undefined> {
  const now = await leftOut(context);
  const isIn = (list: readonly BusyProcess[], { pid }: BusyProcess) => list.some((one) => one.pid === pid);
  const same = now.filter((one) => isIn(kept, one));
  const wrong = now.filter((one) => !isIn(kept, one));
  const ended = kept.filter((one) => !isIn(now, one));
  const restarted = [...ended, ...wrong];
  await endProcesses(context, restarted);
  const sentences = [
    ...(same.length === 0
      ? []
      : [`${textOf(same)} was left out on the way back, too: it has the state that it had.`]),
    ...(restarted.length === 0
      ? []
      : [`${textOf(restarted)} was ended for its supervisor to start it anew; its state is lost.`]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

function textOf(processes: readonly BusyProcess[]): string {
  const [first, ...others] = processes;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `The process ${first?.text ?? ''}${more}`;
}
