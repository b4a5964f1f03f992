import type { Finding } from '../../model/finding.js';
import type { CheckedModule, Conversion, Direction, ModuleSide, Step } from './facts.js';
import { instructionPlace, sourceLocation, type Places } from './module-places.js';
import { allInstructions, callsCodeChange, changeOf, restartsEmulator, stepName } from './steps.js';

/** What each kind of process calls; a supervisor brings its own. */
const CALLBACKS: Readonly<Record<string, string>> = {
  gen_server: 'code_change/3',
  gen_event: 'code_change/3',
  gen_statem: 'code_change/4',
  gen_fsm: 'code_change/4',
  special: 'system_code_change/4',
};

/** The function that converts the state of a kind of process, e.g. `code_change/3`. */
export function callbackOf(kind: string): string {
  return CALLBACKS[kind] ?? 'code_change/3';
}

/** Why a callback that is called makes no state of the version that goes on; undefined where nothing is known against it. */
export function conversionFault(
  conversion: Conversion,
  callback: string,
  version: string,
): string | undefined {
  if (conversion === 'wrong') return `what ${callback} returns is no state of ${version}`;
  return conversion === 'no_clause' ? `no clause of ${callback} takes the state` : undefined;
}

/**
 * `{update, Module, {advanced, Extra}}` needs the code_change of the module's behaviour (H27). It is an optional callback,
 * so the module compiles without; sys then answers `undef`, on OTP 25 to 29 alike, and release_handler, which is past the
 * point of no return, restarts the emulator. Pure.
 */
export function checkCodeChange(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) =>
    step.modules.flatMap((module) => [
      ...missing({ steps, step, checked: module, places }),
      ...notCalled(step, module, places),
    ]),
  );
}

function missing({
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
  const { module, new: side } = checked;
  if (side === null || !(side.kind in CALLBACKS) || exportsCallback(side)) return [];
  const { kind } = side;
  const directions = (['up', 'down'] as const).filter(
    (direction) =>
      callsCodeChange(changeOf(step[direction], module)) &&
      !restartsEmulator(allInstructions(steps, step, direction)),
  );
  const [first] = directions;
  if (first === undefined) return [];
  const instruction = changeOf(step[first], module);
  return [
    {
      id: 'code-change-missing',
      severity: 'error',
      application: step.change.name,
      module,
      message: `The appup of ${step.change.name}, ${namesOf(step, directions)}: ${instruction?.text ?? ''} makes the processes of ${module} (${kind}) call ${callbackOf(kind)}, which the module does not export; the node would restart in the middle of the upgrade.`,
      remedy: `Write {update, ${module}} if the state stays as it is; else define ${callbackOf(kind)} in ${module}, and export it.`,
      location: instructionPlace(places, step, instruction),
    },
  ];
}

function exportsCallback({ kind, systemCodeChange, codeChange }: ModuleSide): boolean {
  return kind === 'special' ? systemCodeChange : codeChange.includes(callbackOf(kind).endsWith('4') ? 4 : 3);
}

/** A conversion was written for this version, and the hand-written appup does not have it called (H26). */
function notCalled(step: Step, { module, state }: CheckedModule, places: Places): Finding[] {
  if (step.appup.origin !== 'hand-written' || state === null || 'unseen' in state) return [];
  if (!state.codeChangeDiffers) return [];
  const directions = (['up', 'down'] as const).filter((direction) => {
    const instruction = changeOf(step[direction], module);
    const converts = state[direction].conversion === 'converts' && !state[direction].changed;
    return converts && instruction !== undefined && !callsCodeChange(instruction);
  });
  const [first] = directions;
  if (first === undefined) return [];
  const instruction = changeOf(step[first], module);
  return [
    {
      id: 'code-change-not-called',
      severity: 'warning',
      application: step.change.name,
      module,
      message: `${callbackOf(state.kind)} of ${module} was edited and converts the state, but the appup of ${step.change.name}, ${namesOf(step, directions)}, does not call it: ${instruction?.text ?? ''}.`,
      remedy: `Write {update, ${module}, {advanced, []}} if the conversion is meant for this upgrade.`,
      location:
        instruction?.line == null
          ? (sourceLocation(places, state.codeChange) ?? instructionPlace(places, step))
          : instructionPlace(places, step, instruction),
    },
  ];
}

function namesOf(step: Step, directions: readonly Direction[]): string {
  return directions.map((direction) => stepName(step, direction)).join(' and ');
}
