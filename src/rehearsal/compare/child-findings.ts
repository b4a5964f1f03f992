import type { Difference } from './difference.js';
import type { PlacedChild } from './supervision.js';
import type { Correction } from '../../model/correction.js';
import type { ComparedStep, Description } from './description.js';

/** For what another application had made or started in one that is started anew. */
export function restartOther(application: string): string {
  const after = "[{'after', [{restart_application, Other}]}]";
  return `Have the application that does it (Other) started anew after it: {${application}, [{strategy, restart}, {up, ${after}}, {down, ${after}}]}. in relup.config; or call its function there: {apply, {Module, Function, Args}}.`;
}

/** What calls a function of the user's own on a node that is upgraded. */
const OWN_CALL = 'in an appup of your own: {apply, {Module, Function, Args}}';

/** A child that differs, in words. Nobody is asked for an appup of an application that stays as it is (H127). Pure. */
export function childText(
  difference: Difference,
  { when, direction }: ComparedStep,
  corrections: readonly Correction[],
): Description {
  const base = { id: 'rehearsal-supervision', check: 'supervision' } as const;
  const { kind, subject, child, detail = '', listed, unchanged } = difference;
  if (kind === 'child-renamed') return { ...base, ...renamed(difference, when) };
  if (kind === 'child-missing' && difference.restarted === true && listed !== true)
    return { ...base, ...lostByRestart(difference, when) };
  if (kind === 'child-missing' && difference.existed === true && (listed === false || unchanged === true))
    return { ...base, ...ended(difference, when) };
  if (listed === false) return { ...base, ...startedAtRunTime(difference, when) };
  if (unchanged === true) return { ...base, ...ofUnchanged(difference, when) };
  const where = `the ${direction === 'up' ? 'first' : 'second'} list of the appup of ${child?.application ?? ''}`;
  const instructions = corrections.map(({ instruction }) => instruction).join(', ');
  const unnamed = `Register its supervisor under a name, so that an appup can reach it.`;
  if (kind === 'child-changed') {
    return {
      ...base,
      severity: 'error',
      message: `The child ${subject} has another specification ${when} than when the release boots: ${detail}.`,
      remedy: `Add {update, ${child?.supervisor.callback ?? 'Supervisor'}, supervisor} to ${where}.`,
    };
  }
  return kind === 'child-missing'
    ? {
        ...base,
        severity: 'error',
        message: `The child ${subject} does not run ${when}, but does when the release boots.`,
        remedy: instructions === '' ? unnamed : `Add at the end of ${where}: ${instructions}.`,
      }
    : {
        ...base,
        severity: 'error',
        message: `The child ${subject} is still there ${when}, but is not when the release boots.`,
        remedy: instructions === '' ? unnamed : `Add at the beginning of ${where}: ${instructions}.`,
      };
}

type Told = Pick<Description, 'severity' | 'message' | 'remedy'>;

function renamed({ subject, detail = '', child }: Difference, when: string): Told {
  const module = child?.child.spec?.start.split(':')[0] ?? 'its module';
  return {
    severity: 'error',
    message: `The child ${subject} is ${detail} when the release boots: whoever calls it by that name finds nobody ${when}.`,
    remedy: renameRemedy(module),
  };
}

/** For a process that has registered another name than a boot gives it. */
export function renameRemedy(module: string): string {
  return `Register it in code_change of ${module}, which runs in the process: unregister(Old), register(New, self()), and the other way round with {down, Vsn}; or stop and start it in the appup; or keep the old name. Where the code is not yours, {Application, [{strategy, restart}]}. in relup.config starts it anew.`;
}

/** What another application has started below one that is started anew goes with it. */
function lostByRestart({ subject, application = '' }: Difference, when: string): Told {
  return {
    severity: 'error',
    message: `The child ${subject} does not run ${when}: ${application} was started anew, and what had started the child there goes on, and does not do it again.`,
    remedy: restartOther(application),
  };
}

function ended({ subject }: Difference, when: string): Told {
  return {
    severity: 'error',
    message: `The child ${subject} does not run ${when}, and did before: it ended in the step, and nothing started it again.`,
    remedy:
      "Look at its crash report in the node's log; most often its code was exchanged while it ran, and code_change does not convert its state.",
  };
}

/** Children that init/1 does not list are left alone by an upgrade: they live on, and new ones are not started. */
function startedAtRunTime({ kind, subject, detail = '' }: Difference, when: string): Told {
  if (kind === 'child-missing') {
    return {
      severity: 'error',
      message: `The child ${subject} does not run ${when}, but is started at run time when the release boots: init/1 of its supervisor does not list it.`,
      remedy: `An upgrade does not run what starts it, such as start/2: call that ${OWN_CALL}.`,
    };
  }
  return kind === 'child-changed'
    ? {
        severity: 'warning',
        message: `The child ${subject} goes on ${when} as it was started at run time, by start/2 or another process; a boot of the release starts it otherwise: ${detail}.`,
        remedy: `If it needs that, stop it and start it again ${OWN_CALL}.`,
      }
    : {
        severity: 'warning',
        message: `The child ${subject} goes on ${when}: it was started at run time, by start/2 or another process, which a boot of the release does not do.`,
        remedy: `If it must end, end it ${OWN_CALL}.`,
      };
}

function ofUnchanged({ kind, subject, detail = '', application = '' }: Difference, when: string): Told {
  const why = `${application} itself stays as it is, so its configuration or its callers have changed`;
  if (kind === 'child-missing') {
    return {
      severity: 'error',
      message: `The child ${subject} does not run ${when}, but does when the release boots; ${why}.`,
      remedy: `Start it ${OWN_CALL}.`,
    };
  }
  return {
    severity: 'warning',
    message:
      kind === 'child-changed'
        ? `The child ${subject} has another specification ${when} than when the release boots (${detail}); ${why}.`
        : `The child ${subject} is still there ${when}, but is not when the release boots; ${why}.`,
    remedy: `If that matters, stop it and start it again ${OWN_CALL}; or restart the node when it suits.`,
  };
}

/** Instructions for the appup of the child's application that mend it. */
export function correctionsOf(difference: Difference, compared: ComparedStep): Correction[] {
  const { kind, child, specified, listed, unchanged, restarted } = difference;
  if (child === undefined || child.supervisor.name === null) return [];
  if (listed === false || unchanged === true || restarted === true) return [];
  const upFrom = compared.upFromApplications[child.application];
  if (upFrom === undefined) return [];
  const base = { application: child.application, upFrom, direction: compared.direction };
  if (kind === 'child-left') {
    return ['terminate_child', 'delete_child'].map((name) => ({
      ...base,
      position: 'first',
      instruction: call(name, child),
    }));
  }
  if (kind !== 'child-missing') return [];
  const update = `{update,${child.supervisor.callback ?? ''},supervisor}`;
  const instructions = [
    ...(specified === true || child.supervisor.callback === null ? [] : [update]),
    call('restart_child', child),
  ];
  return instructions.map((instruction) => ({ ...base, position: 'last', instruction }));
}

function call(name: string, { supervisor, child }: PlacedChild): string {
  return `{apply,{supervisor,${name},[${supervisor.name ?? ''},${child.id}]}}`;
}
