import type { Finding } from '../../model/finding.js';
import type { CheckedModule, StatemFacts, Step } from './facts.js';
import { applicationPlace, remedyFor, sourceLocation, type Places } from './module-places.js';
import { allInstructions, callsCodeChange, changeOf, restartsEmulator, restartsProcess } from './steps.js';

/**
 * A gen_statem that runs calls its state functions, or handle_event/4, by the mode that it has, and asks callback_mode/0 again only
 * after code_change/4. What the other version does not export ends it at its next event. Pure.
 */
export function checkStatems(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) => {
    const instructions = allInstructions(steps, step, 'up');
    if (restartsEmulator(instructions)) return [];
    return step.modules
      .filter(({ module }) => !restartsProcess(instructions, step.change.name, module))
      .flatMap((module) => ofModule(step, module, places));
  });
}

function ofModule(step: Step, checked: CheckedModule, places: Places): Finding[] {
  const { module, statem } = checked;
  const told = statem === null ? undefined : toldOf(step, checked, statem);
  if (statem === null || told === undefined) return [];
  const { name } = step.change;
  const location = sourceLocation(places, statem.place) ?? applicationPlace(places, name);
  return [{ ...told, remedy: remedyFor(places, name, told.remedy), application: name, module, location }];
}

function toldOf(step: Step, checked: CheckedModule, statem: StatemFacts): Told | undefined {
  const { module } = checked;
  const isOtherMode = statem.modes.length === 2;
  if (isConverted(step, checked))
    return isOtherMode && statem.down.length > 0 ? modeKept(step, module, statem) : undefined;
  if (isOtherMode) return otherMode(step, module, statem);
  return statem.up.length === 0 ? undefined : stateGone(step, module, statem.up);
}

function isConverted(step: Step, { module, new: side }: CheckedModule): boolean {
  return callsCodeChange(changeOf(step.up, module)) && side?.codeChange.includes(4) === true;
}

type Told = Pick<Finding, 'id' | 'severity' | 'message'> & { readonly remedy: string };

function otherMode({ change }: Step, module: string, { modes, up }: StatemFacts): Told {
  const { name, from, to } = change;
  const [before = '', after = ''] = modes;
  const what = `callback_mode/0 of ${module} is ${after} in ${name} ${to ?? ''} and was ${before} in ${from ?? ''}, but a process that runs keeps its mode until code_change/4 is called`;
  const remedy = `Export code_change/4 from ${module} (code_change(_Vsn, State, Data, _Extra) -> {ok, State, Data} where both stay as they are), and have the appup call it: {update, ${module}, {advanced, []}}.`;
  return up.length === 0
    ? { id: 'callback-mode', severity: 'warning', message: `${what}.`, remedy }
    : {
        id: 'callback-mode',
        severity: 'error',
        message: `${what}: at its next event it calls ${up.join(', ')}, which the module exports no more, and dies.`,
        remedy,
      };
}

/** On the way down code_change/4 is called while the new version is still loaded, and so is callback_mode/0. */
function modeKept({ change }: Step, module: string, { modes, down }: StatemFacts): Told {
  const { name, from } = change;
  return {
    id: 'callback-mode',
    severity: 'warning',
    message: `After a downgrade the processes of ${module} keep the callback mode ${modes[1] ?? ''} and call ${down.join(', ')}, which ${name} ${from ?? ''} does not export: they die at their next event.`,
    remedy: `Have the downgrade start them anew: {apply, {supervisor, terminate_child, [Supervisor, Id]}} and {apply, {supervisor, restart_child, [Supervisor, Id]}} around {load_module, ${module}}, in the second list of an appup of your own.`,
  };
}

function stateGone({ change }: Step, module: string, states: readonly string[]): Told {
  const { name, from, to } = change;
  return {
    id: 'state-function-gone',
    severity: 'warning',
    message: `${module} has ${states.length === 1 ? 'the state function' : 'the state functions'} ${states.join(', ')} no more in ${name} ${to ?? ''}, and had in ${from ?? ''}: a process that is in this state during the upgrade dies at its next event.`,
    remedy: `Keep the function for one version; or export code_change/4, have it return a state of the new version, and have the appup call it: {update, ${module}, {advanced, []}}.`,
  };
}
