import type { Finding } from '../../model/finding.js';
import type { BuiltRelease } from '../../model/release.js';
import type { Direction, Instruction, Step } from './facts.js';
import { instructionPlace, type Places } from './module-places.js';
import { sourceOf, stepName, targetOf } from './steps.js';

/**
 * Every instruction names a module that exists in the right release: what is loaded in the one gone to, what is deleted in
 * the one gone from; deleted is nothing that goes on to exist; functions that are called exist. OTP checks none of it before
 * it is too late, but for modules to load. Pure.
 */
export function checkInstructions(steps: readonly Step[], places: Places): Finding[] {
  return steps.flatMap((step) =>
    (['up', 'down'] as const).flatMap((direction) =>
      step[direction].flatMap((instruction) => {
        const context = { step, direction, instruction, places, loaded: loadedBy(steps, step, direction) };
        return [
          ...unknownModules(context),
          ...unknownNeeds(context),
          ...keptModules(context),
          ...unknownFunction(context),
        ];
      }),
    ),
  );
}

interface Context {
  readonly step: Step;
  readonly direction: Direction;
  readonly instruction: Instruction;
  readonly places: Places;
  /** Modules that any appup of this direction loads. */
  readonly loaded: ReadonlySet<string>;
}

function loadedBy(steps: readonly Step[], { upFrom }: Step, direction: Direction): Set<string> {
  const instructions = steps.filter((step) => step.upFrom === upFrom).flatMap((step) => step[direction]);
  return new Set(
    instructions.flatMap(({ what, modules }) => (what === 'load' || what === 'update' ? modules : [])),
  );
}

function unknownModules(context: Context): Finding[] {
  const { step, direction, instruction } = context;
  const { what, modules } = instruction;
  if (what !== 'load' && what !== 'update' && what !== 'delete') return [];
  const release = what === 'delete' ? sourceOf(step, direction) : targetOf(step, direction);
  return modules
    .filter((module) => !hasModule(release, module))
    .map((module) => ({
      id: 'appup-unknown-module',
      severity: what === 'delete' ? deletionSeverity(context) : 'error',
      ...named(context, module),
      message: `${where(context)}: ${instruction.text} names a module that release ${release.version} does not have.`,
      remedy: 'Correct the name, or take the instruction out of this direction.',
    }));
}

/** OTP does nothing for it, and an entry for many versions, or one of somebody else's, may well list what only some had. */
function deletionSeverity({ step, direction }: Context): 'error' | 'warning' {
  const entry = step.appup[direction].find(({ upFrom }) => upFrom === step.change.from);
  const exact = entry?.pattern?.startsWith('"') === true;
  return step.appup.origin === 'shipped' || !exact ? 'warning' : 'error';
}

function unknownNeeds(context: Context): Finding[] {
  const { step, instruction } = context;
  return instruction.needs
    .filter((module) => !hasModule(step.release, module) && !hasModule(step.upFrom, module))
    .map((module) => ({
      id: 'appup-unknown-module',
      severity: 'error',
      ...named(context, module),
      message: `${where(context)}: ${instruction.text} needs the module ${module} first, which neither release has.`,
      remedy: 'Correct the name, or take it out of the list of modules that come first.',
    }));
}

/** A node in embedded mode loads nothing by itself: code that is deleted and goes on to be called is gone. */
function keptModules(context: Context): Finding[] {
  const { step, direction, instruction, loaded } = context;
  if (instruction.what !== 'delete') return [];
  const target = targetOf(step, direction);
  return instruction.modules
    .filter((module) => hasModule(target, module) && !loaded.has(module))
    .map((module) => ({
      id: 'appup-deletes-module',
      severity: 'error',
      ...named(context, module),
      message: `${where(context)}: ${instruction.text} deletes a module that release ${target.version} has, too.`,
      remedy: `Write {load_module, ${module}} instead, or take the instruction out of this direction.`,
    }));
}

function unknownFunction(context: Context): Finding[] {
  const { applies, text } = context.instruction;
  if (applies === null || applies.exported) return [];
  return [
    {
      id: 'appup-unknown-function',
      severity: 'error',
      ...named(context),
      message: `${where(context)}: ${text} calls ${applies.text}, which neither release exports.`,
      remedy: 'Correct the name or the number of arguments, or export the function.',
    },
  ];
}

function hasModule(release: BuiltRelease, module: string): boolean {
  return release.applications.some(({ modules }) => Object.hasOwn(modules, module));
}

function named(
  { step, instruction, places }: Context,
  module?: string,
): Pick<Finding, 'application' | 'module' | 'location'> {
  return {
    application: step.change.name,
    ...(module === undefined ? {} : { module }),
    location: instructionPlace(places, step, instruction),
  };
}

function where({ step, direction }: Context): string {
  return `The appup of ${step.change.name}, ${stepName(step, direction)}`;
}
