import type { Difference } from './difference.js';
import { childText, correctionsOf, renameRemedy, restartOther } from './child-findings.js';
import type { Correction } from '../../model/correction.js';
import type { RehearsalFinding } from '../../model/rehearsal.js';
import type { ComparedStep, Description } from './description.js';

/** A difference as a finding with what to write, and as corrections where an instruction mends it. Pure. */
export function findingOf(
  difference: Difference,
  compared: ComparedStep,
): { finding: Omit<RehearsalFinding, 'upFrom'>; corrections: Correction[] } {
  const corrections = correctionsOf(difference, compared);
  const { id, check, severity, message, remedy } = describe(difference, compared, corrections);
  const application = difference.application;
  return {
    finding: {
      id,
      severity,
      message,
      step: compared.step,
      check,
      ...(application === undefined ? {} : { application }),
      ...(difference.kind.startsWith('module') ? { module: difference.subject } : {}),
      ...(remedy === undefined ? {} : { remedy }),
    },
    corrections,
  };
}

function describe(
  difference: Difference,
  compared: ComparedStep,
  corrections: readonly Correction[],
): Description {
  const { kind } = difference;
  if (kind.startsWith('module')) return moduleText(difference, compared);
  if (kind.startsWith('application')) return applicationText(difference, compared);
  if (kind.startsWith('environment')) return environmentText(difference, compared);
  if (kind.startsWith('child')) return childText(difference, compared, corrections);
  if (kind.startsWith('remains')) return remainsText(difference, compared);
  if (kind === 'registered-renamed') {
    const { subject, detail = '' } = difference;
    return {
      id: 'rehearsal-registered-name',
      check: 'processes',
      severity: 'error',
      message: `Processes of ${subject} are ${detail} when the release boots: whoever calls them by that name finds nobody ${compared.when}.`,
      remedy: renameRemedy(subject),
    };
  }
  if (difference.existed === true) {
    return {
      id: 'rehearsal-registered-name',
      check: 'processes',
      severity: 'error',
      message: `The process registered as ${difference.subject} is lost ${compared.when}: it was there before, and is when the release boots.`,
      remedy:
        "Look for its crash report in the node's log; most often it called a function that is gone, or code_change does not convert its state.",
    };
  }
  return {
    id: 'rehearsal-registered-name',
    check: 'processes',
    severity: 'warning',
    message:
      kind === 'registered-missing'
        ? `No process is registered as ${difference.subject} ${compared.when}, but one is when the release boots.`
        : `A process is still registered as ${difference.subject} ${compared.when}, but none is when the release boots.`,
    remedy: 'Start or stop it in the appup ({apply, {Module, Function, Args}}), or in code_change.',
  };
}

function moduleText(
  { kind, subject, application }: Difference,
  { when, direction }: ComparedStep,
): Description {
  const base = { id: 'rehearsal-code', check: 'code', severity: 'error' } as const;
  const of = application === undefined ? '' : ` of ${application}`;
  const where = `the ${direction === 'up' ? 'first' : 'second'} list of its appup`;
  if (kind === 'module-left') {
    return {
      ...base,
      message: `Module ${subject}${of} is still loaded ${when}, but the release has no such module.`,
      remedy: `Add {delete_module, ${subject}} to ${where}.`,
    };
  }
  const instruction = kind === 'module-not-loaded' && direction === 'up' ? 'add_module' : 'load_module';
  return {
    ...base,
    message:
      kind === 'module-differs'
        ? `Module ${subject}${of} runs other code ${when} than the release has.`
        : `Module ${subject}${of} is not loaded ${when}, but is when the release boots.`,
    remedy: `Add {${instruction}, ${subject}}, or {update, ${subject}, {advanced, []}} for a process with state, to ${where}.`,
  };
}

function applicationText({ kind, subject, detail }: Difference, compared: ComparedStep): Description {
  const { when, upFromApplications } = compared;
  if (kind === 'application-type') {
    return {
      id: 'rehearsal-start-type',
      check: 'applications',
      severity: 'warning',
      message: `The start type of ${subject} is ${detail ?? ''} ${when}: an application keeps the one that it was started with.`,
      remedy: `Restart the node when it suits, or stop and start ${subject} in an appup: {apply, {application, stop, [${subject}]}}, {apply, {application, start, [${subject}, Type]}}.`,
    };
  }
  const base = { id: 'rehearsal-application', check: 'applications', severity: 'error' } as const;
  if (kind === 'application-version') {
    return {
      ...base,
      message: `Application ${subject} has version ${detail ?? ''} ${when}.`,
      remedy: `Give ${subject} an appup between these versions.`,
    };
  }
  return kind === 'application-missing'
    ? {
        ...base,
        message: `Application ${subject} does not run ${when}, but does when the release boots.`,
        remedy: `Look at the node's log for why it stopped; ${subject in upFromApplications ? `{apply, {application, start, [${subject}, permanent]}}` : `{add_application, ${subject}}`} in an appup starts it.`,
      }
    : {
        ...base,
        message: `Application ${subject} still runs ${when}, but does not when the release boots.`,
        remedy: `Add {remove_application, ${subject}} to an appup.`,
      };
}

/** Values are never shown: they may be secrets (H81). */
function environmentText({ kind, subject, configured }: Difference, { when }: ComparedStep): Description {
  const base = { id: 'rehearsal-environment', check: 'environment' } as const;
  if (configured === true) {
    return {
      ...base,
      severity: 'error',
      message:
        kind === 'environment-missing'
          ? `The environment lacks ${subject} ${when}, which sys.config or the application sets when the release boots.`
          : `The environment has another value of ${subject} ${when} than when the release boots.`,
      remedy:
        'Look at sys.config of the new release: it must be one list of {Application, [{Key, Value}]}. What another file sets (-config in vm.args) is lost in an upgrade: write it into sys.config.',
    };
  }
  return {
    ...base,
    severity: 'warning',
    message:
      kind === 'environment-left'
        ? `The environment keeps ${subject} ${when}, which is not set when the release boots.`
        : `${subject} is not set ${when}, but the release sets it at run time when it boots.`,
    remedy:
      'An upgrade sets the environment back to what the files say; set such values again in code_change or config_change/3.',
  };
}

/** Start code is not run by an upgrade (H129). */
function remainsText(
  { kind, subject, detail, application, need, restarted }: Difference,
  { when }: ComparedStep,
): Description {
  const base = { id: 'rehearsal-start-code', check: 'processes', severity: 'warning' } as const;
  const of = application === undefined ? '' : ` (${application})`;
  if (kind === 'remains-missing' && restarted === true) {
    return {
      ...base,
      severity: need === undefined ? 'warning' : 'error',
      message: `The ${subject}${of} is missing ${when}, but is there when the release boots: ${application ?? ''} was started anew, and what had made it there goes on, and does not do it again.`,
      remedy: restartOther(application ?? 'Application'),
    };
  }
  if (need !== undefined) {
    return {
      ...base,
      severity: 'error',
      message: `The ${subject} is missing ${when}, and ${need.function} fails without it (${need.call}): what makes it runs at a start only, and an upgrade starts nothing anew.`,
      remedy: `Make it in code_change, or by a function that the appup calls: {apply, {Module, Function, Args}}. Where the code is not yours, {${need.application}, [{strategy, restart}]}. in relup.config stops ${need.application} and starts it anew; what it keeps in memory is lost then.`,
    };
  }
  if (kind === 'remains-left') {
    return {
      ...base,
      message: `The ${subject}${of} is still there ${when}, but is not when the release boots.`,
      remedy:
        'Remove it in an appup of your own ({apply, {Module, Function, Args}}) or in code_change, if it is in the way.',
    };
  }
  return {
    ...base,
    message:
      kind === 'remains-missing'
        ? `The ${subject}${of} is missing ${when}, but is there when the release boots: an upgrade runs neither start/2 nor init/1.`
        : `The ${subject}${of} is otherwise ${when} than when the release boots (${detail ?? ''}): an upgrade runs neither start/2 nor init/1.`,
    remedy:
      kind === 'remains-differs' && subject.startsWith('ETS table ')
        ? 'What a table is made with cannot be changed later. In code_change of its owner make another one as init/1 does, copy the rows (ets:insert(New, ets:tab2list(Old))), delete the old one, and give the new one its name (ets:rename/2); or stop and start the owner in the appup.'
        : 'Make it in code_change, or by a function that the appup calls: {apply, {Module, Function, Args}}. Where the code is not yours, {Application, [{strategy, restart}]}. in relup.config stops the application and starts it anew.',
  };
}
