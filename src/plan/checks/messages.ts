import type { Finding } from '../../model/finding.js';
import type { GoneMessage, Step } from './facts.js';
import { applicationPlace, isOwn, sourceLocation, type Places } from './module-places.js';
import { allInstructions, restartsEmulator, restartsProcess } from './steps.js';

/**
 * Messages that a process takes no more: one that is on its way during the upgrade, or that a timer brings later, ends the process
 * or is lost. Whether there is one cannot be seen, so it is a warning; of other applications than the project's own, for a process that
 * ends. Pure.
 */
export function checkMessages(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) => {
    const instructions = allInstructions(steps, step, 'up');
    const own = isOwn(places, step.change.name);
    if (restartsEmulator(instructions)) return [];
    return step.modules
      .filter(({ module }) => !restartsProcess(instructions, step.change.name, module))
      .flatMap(({ module, messages: all }) => {
        const messages = own ? all : all.filter(({ dropped }) => !dropped);
        return messages.length === 0 ? [] : [gone({ step, module, messages, places })];
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
  const what = dropped ? 'is lost without a word' : `ends the process`;
  const [first] = messages as [GoneMessage];
  return {
    id: 'message-gone',
    severity: 'warning',
    application: name,
    module,
    message: `${module} takes ${list.join(', ')} no more in ${name} ${to ?? ''}, and did in ${from ?? ''}: one that was sent before the upgrade, or that a timer brings after it, ${what}.`,
    remedy: isOwn(places, name)
      ? `Keep a clause for it for one version; a process that sends such a message to itself by a timer is woken no more otherwise. If nobody sends it any longer when the upgrade begins, there is nothing to do.`
      : `${name} is not yours to change. If such messages may be on their way when the upgrade begins, have it restarted by {${name}, [{strategy, restart}]}. in relup.config, or keep its callers waiting: {suspend, [Module]} of theirs in appups/${name}.appup.src.`,
    location: sourceLocation(places, first.place) ?? applicationPlace(places, name),
  };
}
