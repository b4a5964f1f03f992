import type { NodeObservation } from './observation.js';
import { mayEnd } from './child-differences.js';
import { childrenOf, parentPath, unresponsiveOf, type PlacedChild } from './supervision.js';
import type { Found } from '../rehearsal-options.js';
import type { StepName } from '../../model/rehearsal.js';
import type { ScriptEffects } from '../../model/relup.js';
import { some } from '../../shared/some.js';

/**
 * What became of the processes in a step: those that died or were started again (H26, H56), and those that the next purge
 * would kill (H77, H78). Pure.
 *
 * @param script what the relup does in this step: what it stops and starts itself has not died
 * @param isQuiet whether it is known that nothing crashed meanwhile: then a function that the relup calls may have ended processes
 */
export function survivalFindings(survival: Survival): Found[] {
  return [...restarted(survival), ...heldCode(survival.step, survival.after)];
}

interface Survival {
  readonly step: StepName;
  readonly before: NodeObservation;
  readonly after: NodeObservation;
  readonly script: ScriptEffects;
  readonly isQuiet?: boolean;
}

interface Lost {
  readonly was: PlacedChild;
  readonly is: PlacedChild;
}

function restarted(survival: Survival): Found[] {
  const { script, isQuiet = false } = survival;
  const all = lost(survival);
  return isQuiet && script.applies.length > 0
    ? ended(all, survival)
    : all.map((one) => died(one, survival.step));
}

/** Children that run no more as the process that they were, the uppermost ones only. */
function lost({ before, after, script }: Survival): Lost[] {
  const now = childrenOf(after);
  const known = pidsOf(before);
  const alive = pidsOf(after);
  const reported = new Set<string>();
  return [...childrenOf(before)].flatMap(([path, was]): Lost[] => {
    const is = now.get(path);
    const pid = was.child.process?.pid;
    if (pid === undefined || is === undefined || alive.has(pid) || hasEnded(was, is)) return [];
    // children whose ids differ only in an identifier change places when one of them ends
    if (known.has(is.child.process?.pid)) return [];
    if (isPlanned(was, script)) reported.add(path);
    const isBelowReported = reported.has(parentPath(path));
    reported.add(path);
    return isBelowReported || isPlanned(was, script) ? [] : [{ was, is }];
  });
}

function died({ was, is }: Lost, step: StepName): Found {
  return {
    id: 'rehearsal-process-died',
    severity: 'error',
    step,
    check: 'processes',
    application: was.application,
    process: was.place,
    message: `The process ${was.place} died during the step "${step}"${is.child.process === null ? '' : ' and was started again, without its state'}.`,
    remedy:
      "Look at the crash report in the node's log; most often code_change/3 does not convert the state, or the process uses code that is gone.",
  };
}

/** As ranch's own appup does with what accepts connections, which has no state to lose: told once, they may be many. */
function ended(all: readonly Lost[], { step, script }: Survival): Found[] {
  const [first] = all;
  if (first === undefined) return [];
  const who =
    all.length === 1
      ? `The process ${first.was.place}`
      : `${all.length} processes (${some(
          all.map(({ was }) => was.place),
          3,
        )})`;
  const calls = script.applies;
  return [
    {
      id: 'rehearsal-process-ended',
      severity: 'warning',
      step,
      check: 'processes',
      application: first.was.application,
      process: first.was.place,
      message: `${who} ended during the step "${step}", without a crash: what the appup calls has probably ended ${all.length === 1 ? 'it' : 'them'} (${some(calls, 3)}).`,
      remedy: 'If the state of such a process may be lost, there is nothing to do.',
    },
  ];
}

function pidsOf(node: NodeObservation): ReadonlySet<string | undefined> {
  return new Set([...childrenOf(node).values()].flatMap(({ child }) => child.process?.pid ?? []));
}

/** Temporary and transient children may end by themselves; the supervisor starts a transient one again that has crashed. */
function hasEnded({ child }: PlacedChild, is: PlacedChild): boolean {
  const restart = child.spec?.options['restart'];
  return restart === 'temporary' || (mayEnd(restart) && is.child.process === null);
}

function isPlanned({ application, supervisor, child }: PlacedChild, script: ScriptEffects): boolean {
  const { stops, stopsApplications, children } = script;
  return (
    stopsApplications.includes(application) ||
    (child.spec !== null && stops.includes(child.spec.module)) ||
    children.some(
      (one) =>
        ['terminate_child', 'restart_child', 'delete_child'].includes(one.call) &&
        one.supervisor === supervisor.name &&
        one.id === child.id,
    )
  );
}

function heldCode(step: StepName, after: NodeObservation): Found[] {
  return [
    ...after.oldProcesses.map(({ module, processes }): Found => ({
      id: 'rehearsal-old-code',
      severity: 'warning',
      step,
      check: 'processes',
      module,
      message: `After the step "${step}" ${processes.length === 1 ? 'a process still runs or holds' : `${processes.length} processes still run or hold`} old code of ${module} (${some(processes, 3)}); the next upgrade, or making this one permanent, kills ${processes.length === 1 ? 'it' : 'them'}.`,
      remedy: `Let loops call themselves by ?MODULE:loop(…), and keep no local funs in their state; or have them wait while ${module} is exchanged: {update, ${module}, {advanced, []}} where their child specification names it, {suspend, [Name]} before and {resume, [Name]} after where it names another module.`,
    })),
    ...after.oldFuns.map(({ module, holder }): Found => ({
      id: 'rehearsal-old-fun',
      severity: 'warning',
      step,
      check: 'processes',
      module,
      message: `After the step "${step}" the ${holder} holds funs of old code of ${module}; they fail once that is purged.`,
      remedy: 'Store {Module, Function} or fun Module:Function/Arity, which always lead to the newest code.',
    })),
  ];
}

/** Supervisors that hang would make release_handler wait for ever (H76). */
export function hangingFindings(step: StepName, node: NodeObservation): Found[] {
  return unresponsiveOf(node).map((place) => ({
    id: 'rehearsal-supervisor-hangs',
    severity: 'warning',
    step,
    check: 'processes',
    message: `The supervisor ${place} did not answer within a second, so release_handler may wait for it in vain.`,
    remedy:
      'Keep init/1 and start functions of children short; what takes long belongs in handle_continue/2.',
  }));
}
