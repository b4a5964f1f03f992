import type { Location } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';
import { DEBUG_SUFFIX, type BuiltRelease } from '../../model/release.js';
import { callbackOf, conversionFault } from './code-change.js';
import type { CheckedModule, Direction, StateFacts, Step } from './facts.js';
import {
  applicationPlace,
  instructionPlace,
  isOwn,
  remedyFor,
  sourceLocation,
  type Places,
} from './module-places.js';
import { callsCodeChange, changeOf, startsAnew, stepName, targetOf } from './steps.js';

type SeenState = Exclude<StateFacts, { unseen: unknown }>;

/**
 * The state of a process that changed its shape between two versions must be converted by code_change, in both directions
 * (H26). In an appup that somebody wrote it is a warning: they may know better, e.g. that no such process lives long. In a
 * generated one it is an error: nobody wrote a conversion. Pure.
 */
export function checkStates(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) => [
    ...step.modules.flatMap((module) => changedState({ steps, step, checked: module, places })),
    ...unseenStates(step, places),
  ]);
}

function changedState({
  steps,
  step,
  checked,
  places,
}: {
  readonly steps: readonly Step[];
  readonly step: Step;
  readonly checked: CheckedModule;
  readonly places: Places;
}): Finding[] {
  const { module, state } = checked;
  if (state === null || 'unseen' in state) return [];
  const reasons = (['up', 'down'] as const).flatMap((direction) => {
    if (startsAnew(steps, step, { direction, module })) return [];
    const why = whyNotConverted({ step, direction, module, state });
    return why === undefined ? [] : [`${stepName(step, direction)}: ${why}`];
  });
  if (reasons.length === 0) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: 'state-changed',
      severity: step.appup.origin === 'hand-written' || step.appup.origin === 'shipped' ? 'warning' : 'error',
      application: name,
      module,
      message: `The state of ${module} (${kindName(state.kind)}) has another shape in ${name} ${to ?? ''} than in ${from ?? ''}, and nothing converts it (${reasons.join('; ')}):\n${difference(state)}`,
      remedy: remedyFor(places, name, conversionToWrite(step, module, state)),
      location: locationOf({ places, step, module, state }),
    },
  ];
}

/** `custom` and `kept`: of a behaviour that is not OTP's. */
function kindName(kind: string): string {
  return kind === 'custom' || kind === 'kept' ? 'callback module of a process' : kind;
}

/** The two definitions, as a diff. */
function difference({ old, new: now }: SeenState): string {
  return [...old.map((line) => `- ${line}`), ...now.map((line) => `+ ${line}`)].join('\n');
}

function conversionToWrite({ appup, change }: Step, module: string, state: SeenState): string {
  const { name } = change;
  if (state.kind === 'kept') {
    return `Have ${name} restarted, by {${name}, [{strategy, restart}]} in relup.config, or write an appup that stops these processes and starts them again.`;
  }
  const callback = callbackOf(state.kind);
  // A generated appup calls it as soon as it is there.
  const instruction =
    appup.origin === 'generated'
      ? ''
      : ` Write {update, ${module}, {advanced, []}} in both directions of the appup.`;
  const isThere = state.up.conversion !== 'missing';
  if (state.paste == null) {
    const ways = conversions(state);
    return `Let ${callback} of ${module} ${ways.up}, and with {down, Vsn} ${ways.down}.${isThere ? '' : ` Export it.`}${instruction}`;
  }
  const text = isThere ? `${state.paste};` : `${state.paste}.`;
  const where = isThere
    ? `Put these clauses of ${callback} before the others`
    : `Add ${callback} to the -export list of ${module}, and append to the module`;
  return `${where}, and look whether the values of new fields are right:${instruction}\n${text}`;
}

/** What to write, where it is not known in which places of the state. */
function conversions({ records = [] }: SeenState): { up: string; down: string } {
  if (records.length === 0) {
    return { up: 'make the new state from the old one', down: 'the old one from the new' };
  }
  const each = (pairs: readonly string[]): string =>
    `make ${pairs.join(', ')}, wherever it lies in the state`;
  return {
    up: each(records.map(({ old, becomes }) => `${becomes} of every ${old}`)),
    down: each(records.map(({ new: now, back }) => `${back} of every ${now}`)),
  };
}

/** Undefined when processes find a state they know in that direction. */
function whyNotConverted({
  step,
  direction,
  module,
  state,
}: {
  readonly step: Step;
  readonly direction: Direction;
  readonly module: string;
  readonly state: SeenState;
}): string | undefined {
  const { changed, conversion } = state[direction];
  const callback = callbackOf(state.kind);
  if (!changed) return undefined;
  if (state.kind === 'kept') return 'its behaviour has no way to convert it';
  if (conversion === 'missing') return `there is no ${callback}`;
  if (conversion === 'passes') return `${callback} returns the state as it is`;
  const fault = conversionFault(conversion, callback, targetOf(step, direction).version);
  if (fault !== undefined) return fault;
  const instruction = changeOf(step[direction], module);
  return callsCodeChange(instruction)
    ? undefined
    : `${callback} is not called by ${instruction?.text ?? 'the appup'}`;
}

function locationOf({
  places,
  step,
  module,
  state,
}: {
  readonly places: Places;
  readonly step: Step;
  readonly module: string;
  readonly state: SeenState;
}): Location {
  return (
    sourceLocation(places, state.place) ??
    sourceLocation(places, state.codeChange) ??
    instructionPlace(places, step, changeOf(step.up, module))
  );
}

/** OTP's and the dependencies' own appups are their authors' matter. */
function unseenStates(step: Step, places: Places): Finding[] {
  if (step.appup.origin === 'shipped') return [];
  const unseen = step.modules.flatMap(({ module, state }) =>
    state !== null && 'unseen' in state ? [{ module, sides: state.unseen }] : [],
  );
  if (unseen.length === 0) return [];
  const sides = new Set(unseen.flatMap((one) => one.sides));
  const where = [
    ...(sides.has('old') ? [whereUnseen(step.upFrom)] : []),
    ...(sides.has('new') ? [whereUnseen(step.release)] : []),
  ];
  return [
    {
      id: 'state-unseen',
      severity: 'warning',
      application: step.change.name,
      message: `Whether the state of ${unseen.map(({ module }) => module).join(', ')} changed its shape between ${step.change.name} ${step.change.from ?? ''} and ${step.change.to ?? ''} cannot be seen: the modules have no debug information in ${where.join(' and ')}.`,
      remedy: isOwn(places, step.change.name)
        ? remedyForUnseen(step.upFrom)
        : `Have it compiled with debug information in both versions: {overrides, [{add, ${step.change.name}, [{erl_opts, [debug_info]}]}]}. in rebar.config; or have it restarted by {${step.change.name}, [{strategy, restart}]}. in relup.config.`,
      location: applicationPlace(places, step.change.name),
    },
  ];
}

function remedyForUnseen({ name, version, source }: BuiltRelease): string {
  if (source.kind === 'ref') return 'Compile them with debug_info, or compare the state records yourself.';
  return `Put ${name}-${version}${DEBUG_SUFFIX}, which is in the artifact of that build, beside the package; or upgrade from the git tag instead; or compare the state records yourself.`;
}

function whereUnseen({ version, source }: BuiltRelease): string {
  if (source.kind === 'tarball') return `release ${version}, which was given as a package`;
  return `release ${version}${source.kind === 'cache' ? ', which came from the cache' : ''}`;
}
