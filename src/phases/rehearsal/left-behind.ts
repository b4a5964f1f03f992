import type { NodeObservation } from '../../node/observation.js';
import { childrenOf, type PlacedChild } from '../../node/supervision.js';
import type { Found, StepName } from './model.js';

/** What keeps paths of an application's old folder, which goes with the old release. Pure. */
export function pathFindings(step: StepName, { oldPaths }: NodeObservation): Found[] {
  // told of the first upgrade; the second finds the same
  if (step !== 'upgrade') return [];
  return oldPaths.map(({ application, holder }) => ({
    id: 'rehearsal-old-path',
    severity: 'warning',
    step,
    check: 'processes',
    application,
    message: `After the step "${step}" the ${holder} keeps a path into the old folder of ${application}: it goes on with the files there, e.g. in priv, which are removed with the old release.`,
    remedy: `Ask for it each time it is used (code:priv_dir(${application}), code:lib_dir(${application})), or take the new one in code_change.`,
  }));
}

/**
 * Processes that run a changed callback module which their child specification does not name (H130): release_handler does not
 * find them, so they are neither suspended nor converted. Pure.
 *
 * @param before what ran before the step
 */
export function callbackFindings(
  step: StepName,
  before: NodeObservation,
  changed: readonly string[],
): Found[] {
  if (step !== 'upgrade') return [];
  return [...childrenOf(before).values()].flatMap((one) => {
    const modules = unnamedOf(one).filter((module) => changed.includes(module));
    return modules.map((module): Found => ({
      id: 'rehearsal-callback-module',
      severity: 'warning',
      step,
      check: 'processes',
      application: one.application,
      module,
      message: `The process ${one.place} runs the callback module ${module}, which changes, but its child specification does not name it (modules => ${one.child.spec?.options['modules'] ?? one.child.process?.spec?.options['modules'] ?? '[…]'}): the upgrade neither suspends it nor calls code_change for it.`,
      remedy: `Write modules => dynamic for a gen_event or a gen_statem that changes its module, else name ${module} there; what runs already keeps its specification until it is started anew, so stop and start it in the appup, or ship the specification one version before.`,
    }));
  });
}

function unnamedOf({ child }: PlacedChild): readonly string[] {
  return [...child.unnamed, ...(child.process?.unnamed ?? [])];
}
