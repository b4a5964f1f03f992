import type { Finding } from '../../model/finding.js';
import { callbackOf, conversionFault } from './code-change.js';
import type { CheckedModule, Direction, Step } from './facts.js';
import { instructionPlace, isOwn, sourceLocation, type Places } from './module-places.js';
import { callsCodeChange, changeOf, startsAnew, stepName } from './steps.js';

/**
 * code_change is called for a state that needs no conversion, and has only clauses that were written for an earlier upgrade: on the
 * way up none takes the state, and the node restarts; on the way down one of them makes a state that the older version does not
 * know either, which shows at the next call. Pure.
 */
export function checkStaleConversions(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) =>
    step.modules.flatMap((checked) => staleConversion({ steps, step, checked, places })),
  );
}

function staleConversion({
  steps,
  step,
  checked: { module, state },
  places,
}: {
  readonly steps: readonly Step[];
  readonly step: Step;
  readonly checked: CheckedModule;
  readonly places: Places;
}): Finding[] {
  if (state === null || 'unseen' in state) return [];
  const callback = callbackOf(state.kind);
  const reasons = (['up', 'down'] as const).flatMap((direction) => {
    const { changed, conversion } = state[direction];
    const why = conversionFault(conversion, callback, versionOf(step, direction));
    if (changed || why === undefined || !callsCodeChange(changeOf(step[direction], module))) return [];
    if (startsAnew(steps, step, { direction, module })) return [];
    return [`${stepName(step, direction)}: ${why}`];
  });
  if (reasons.length === 0) return [];
  const { name, from, to } = step.change;
  const notCalled = `write {update, ${module}} for ${from ?? ''}, so that ${callback} is not called,`;
  return [
    {
      id: 'state-converted-again',
      severity: step.appup.origin === 'generated' ? 'error' : 'warning',
      application: name,
      module,
      message: `${callback} of ${module} only converts states of other versions: the state has the same shape in ${name} ${to ?? ''} as in ${from ?? ''}, and ${callback} is called for it (${reasons.join('; ')}).`,
      remedy: isOwn(places, name)
        ? `Remove the clauses that were for an earlier upgrade; without any other clause remove ${callback} and its export. If versions that need them are upgraded from, too, keep them, and ${notCalled} in an appup of ${name}.`
        : `${name} is not yours to change: ${notCalled} in appups/${name}.appup.src, for which the generated appup in the job summary is a beginning.`,
      location:
        sourceLocation(places, state.codeChange) ?? instructionPlace(places, step, changeOf(step.up, module)),
    },
  ];
}

function versionOf({ change }: Step, direction: Direction): string {
  const version = direction === 'up' ? change.to : change.from;
  return `${change.name} ${version ?? ''}`;
}
