import type { ChildSpec, NodeObservation } from './observation.js';
import { childrenOf, type PlacedChild } from './supervision.js';
import type { Found } from '../rehearsal-options.js';
import type { CheckName, StepName } from '../../model/rehearsal.js';
import type { RelupEffects, ScriptEffects } from '../../model/relup.js';

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
 * find them, so they are neither suspended nor converted, unless the relup suspends them by a module that is named while it loads
 * the other. Pure.
 *
 * @param before what ran before the step
 * @param script what the relup does in it; only what it suspends processes for needs them
 */
export function callbackFindings({
  step,
  before,
  changed,
  script: { suspends, waits },
}: {
  readonly step: StepName;
  readonly before: NodeObservation;
  readonly changed: readonly string[];
  readonly script: Pick<ScriptEffects, 'suspends' | 'waits'>;
}): Found[] {
  if (step !== 'upgrade') return [];
  return [...childrenOf(before).values()].flatMap((one) => {
    const named = namedOf(one);
    const isWaiting = (module: string): boolean =>
      waits[module]?.some((other) => named.includes(other)) === true;
    const modules = unnamedOf(one).filter(
      (module) => changed.includes(module) && suspends.includes(module) && !isWaiting(module),
    );
    return modules.map((module): Found => ({
      id: 'rehearsal-callback-module',
      severity: 'warning',
      step,
      check: 'processes',
      application: one.application,
      module,
      message: `The process ${one.place} runs the callback module ${module}, which changes, but its child specification does not name it (modules => ${one.child.spec?.options['modules'] ?? one.child.process?.spec?.options['modules'] ?? '[…]'}): the upgrade neither suspends it nor calls code_change for it.`,
      remedy: `Name every callback module that the process may run in its child specification (modules => [${module}, …]; a gen_event says dynamic). What runs already keeps its specification until it is started anew, so stop and start it in the appup, or ship the specification one version before.`,
    }));
  });
}

/**
 * A process whose child specification says `modules => dynamic` although it is no gen_event. release_handler asks it for its
 * modules as soon as a relup suspends anything, gets no answer, and restarts the node. Pure.
 *
 * @param relup what it does
 */
export function dynamicFinding(
  node: NodeObservation,
  { up, down }: RelupEffects,
): (Omit<Found, 'step'> & { readonly check: CheckName }) | undefined {
  const asks = [up, down].some(({ suspends, stops }) => suspends.length > 0 || stops.length > 0);
  if (!asks) return undefined;
  const isWrong = ({ child }: PlacedChild): boolean =>
    isDynamic(child.spec) || isDynamic(child.process?.spec);
  const one = [...childrenOf(node).values()].find((one) => isWrong(one) && unnamedOf(one).length > 0);
  if (one === undefined) return undefined;
  return {
    id: 'rehearsal-callback-module',
    severity: 'error',
    check: 'processes',
    application: one.application,
    message: `The child specification of ${one.place} says modules => dynamic, but only a gen_event may: release_handler asks the process for its modules, gets no answer, and restarts the node.`,
    remedy: `Name its callback modules there (modules => [${unnamedOf(one).join(', ')}]). Nodes that run now keep the old specification, so this upgrade takes a restart.`,
  };
}

function isDynamic(spec: ChildSpec | null | undefined): boolean {
  return spec?.options['modules'] === 'dynamic';
}

/** `[channel,room]` as the modules in it. */
function namedOf({ child }: PlacedChild): readonly string[] {
  const modules = (child.spec ?? child.process?.spec)?.options['modules'] ?? '';
  return modules.replace(/^\[|\]$/g, '').split(/,\s*/);
}

function unnamedOf({ child }: PlacedChild): readonly string[] {
  return [...child.unnamed, ...(child.process?.unnamed ?? [])];
}
