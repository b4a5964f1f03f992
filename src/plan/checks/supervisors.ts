import type { Finding } from '../../model/finding.js';
import type { CheckedModule, Step } from './facts.js';
import { applicationPlace, type Places } from './module-places.js';
import { startsAnew } from './steps.js';

/**
 * A supervisor that becomes simple_one_for_one dies at its next question after code_change, and one that is so no more forgets
 * the children that run (H133); the downgrade goes the other way. Pure.
 */
export function checkStrategies(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) =>
    step.modules.flatMap((one) =>
      one.strategies
        .filter((strategies) => strategies.includes(SIMPLE) && !startsAnewBothWays(steps, step, one))
        .map((strategies) => changedStrategy(step, { module: one.module, strategies }, places)),
    ),
  );
}

const SIMPLE = 'simple_one_for_one';

function startsAnewBothWays(steps: readonly Step[], step: Step, { module }: CheckedModule): boolean {
  return (['up', 'down'] as const).every((direction) => startsAnew(steps, step, { direction, module }));
}

/** @param strategies before and after */
function changedStrategy(
  { change }: Step,
  {
    module,
    strategies: [before, after],
  }: { readonly module: string; readonly strategies: readonly [string, string] },
  places: Places,
): Finding {
  return {
    id: 'supervisor-strategy',
    severity: 'error',
    application: change.name,
    module,
    message: `The supervisor ${module} is ${after} in ${change.name} ${change.to ?? ''}, and was ${before} in ${change.from ?? ''}: a running supervisor cannot change to or from ${SIMPLE}: it dies or loses its children.`,
    remedy: `Give the new supervisor another module name and child id, so that the old one is stopped with its children, and the new one started; or restart the application: {${change.name}, [{strategy, restart}]}. in relup.config, beside rebar.config.`,
    location: applicationPlace(places, change.name),
  };
}
