import type { BuiltRelease } from '../../model/release.js';
import type { Direction, Instruction, Step } from './facts.js';

/** The release that a direction leads to. */
export function targetOf(step: Step, direction: Direction): BuiltRelease {
  return direction === 'up' ? step.release : step.upFrom;
}

/** The release that a direction comes from. */
export function sourceOf(step: Step, direction: Direction): BuiltRelease {
  return direction === 'up' ? step.upFrom : step.release;
}

/** `up from 1.0.0`, `down to 1.0.0`: application versions, as they stand in the appup. */
export function stepName({ change }: Step, direction: Direction): string {
  return `${direction === 'up' ? 'up from' : 'down to'} ${change.from ?? ''}`;
}

/** Everything that all appups do in one direction of an up-from release. */
export function allInstructions(steps: readonly Step[], step: Step, direction: Direction): Instruction[] {
  return steps.filter(({ upFrom }) => upFrom === step.upFrom).flatMap((one) => one[direction]);
}

/** Whether the emulator is restarted, so that every process begins anew and all code is loaded from the files. */
export function restartsEmulator(instructions: readonly Instruction[]): boolean {
  return instructions.some(({ what }) => what === 'emulator');
}

/** Whether the processes of a module begin anew: with its application, or because they are stopped on the way. */
export function restartsProcess(
  instructions: readonly Instruction[],
  application: string,
  module: string,
): boolean {
  return instructions.some(
    ({ what, modules, restarted }) =>
      (what === 'restart' && modules.includes(application)) ||
      (what === 'stop' && modules.includes(module)) ||
      restarted.includes(module),
  );
}

/** Whether a process of a module, or the whole emulator, is started anew in that direction: then it has no state of before. */
export function startsAnew(
  steps: readonly Step[],
  step: Step,
  { direction, module }: { readonly direction: Direction; readonly module: string },
): boolean {
  const instructions = allInstructions(steps, step, direction);
  return restartsEmulator(instructions) || restartsProcess(instructions, step.change.name, module);
}

/** How the appup treats the processes of a module: undefined when it does not name it. */
export function changeOf(instructions: readonly Instruction[], module: string): Instruction | undefined {
  const naming = instructions.filter(
    ({ what, modules }) => (what === 'load' || what === 'update') && modules.includes(module),
  );
  return naming.find(({ change }) => change === 'advanced' || change === 'supervisor') ?? naming[0];
}

/** Whether code_change of the module's processes is called. */
export function callsCodeChange(instruction: Instruction | undefined): boolean {
  return instruction?.change === 'advanced' || instruction?.change === 'supervisor';
}
