import type { Finding } from '../../model/finding.js';
import type { GoneMessage, Step } from './facts.js';
import { applicationPlace, isOwn, remedyFor, sourceLocation, type Places } from './module-places.js';
import { allInstructions, restartsEmulator, restartsProcess } from './steps.js';

/**
 * Messages that a process takes no more: one that is on its way during the upgrade, or that a timer brings later, ends the process
 * or is lost. Whether there is one cannot be seen, so it is a warning; of other applications than the project's own, for a process that
 * ends, or that waits for a timeout. Pure.
 */
export function checkMessages(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) => {
    const instructions = allInstructions(steps, step, 'up');
    const own = isOwn(places, step.change.name);
    if (restartsEmulator(instructions)) return [];
    return step.modules
      .filter(({ module }) => !restartsProcess(instructions, step.change.name, module))
      .flatMap(({ module, messages: all }) => {
        const told = own ? all : all.filter(({ dropped, timeout }) => timeout || !dropped);
        return [told.filter(({ timeout }) => !timeout), told.filter(({ timeout }) => timeout)].flatMap(
          (messages) => (messages.length === 0 ? [] : [gone({ step, module, messages, places })]),
        );
      });
  });
}

function gone({
  step,
  module,
  messages,
  places,
}: {
  readonly step: Step;
  readonly module: string;
  readonly messages: readonly GoneMessage[];
  readonly places: Places;
}): Finding {
  const { change } = step;
  const { name, from, to } = change;
  const list = messages.map(({ message, callback, instead }) =>
    instead.length === 0 ? `${message} (${callback})` : `${message} (${callback}; now ${instead.join(', ')})`,
  );
  const dropped = messages.every((one) => one.dropped);
  const [first] = messages as [GoneMessage];
  const end = first.timeout
    ? `one that was begun before the upgrade ${dropped ? 'is passed over after it, and a process that waits for nothing else stays as it is' : 'ends the process after it'}`
    : `one that was sent before the upgrade, or that a timer brings after it, ${dropped ? 'is lost without a word' : 'ends the process'}`;
  return {
    id: 'message-gone',
    severity: 'warning',
    application: name,
    module,
    message: `${module} takes ${list.join(', ')} no more in ${name} ${to ?? ''}, and did in ${from ?? ''}: ${end}.`,
    remedy: first.timeout ? remedyFor(places, name, KEEP) : remedyForMessages(places, name),
    location: sourceLocation(places, first.place) ?? applicationPlace(places, name),
  };
}

const KEEP = 'Keep a clause for it for one version.';

function remedyForMessages(places: Places, name: string): string {
  return isOwn(places, name)
    ? `Keep a clause for it for one version; a process that sends such a message to itself by a timer is woken no more otherwise. If nobody sends it any longer when the upgrade begins, there is nothing to do.`
    : `${name} is not yours to change. If such messages may be on their way when the upgrade begins, have it restarted by {${name}, [{strategy, restart}]}. in relup.config, or keep its callers waiting: {suspend, [Module]} of theirs in appups/${name}.appup.src.`;
}
