import type { Finding } from '../../model/finding.js';
import type { CheckedModule, Step } from './facts.js';
import { applicationPlace, remedyFor, type Places } from './module-places.js';
import { allInstructions, restartsEmulator, restartsProcess } from './steps.js';
import { some } from '../../shared/some.js';

/**
 * Start code that changed: an upgrade does not run it, so a running node lacks what it makes (H129). What it makes is looked at
 * by a rehearsal, too. Pure.
 */
export function checkStartCode(steps: readonly Step[], places: Places): Finding[] {
  return steps
    .filter((step) => step.appup.origin !== 'shipped')
    .flatMap((step) => {
      const instructions = allInstructions(steps, step, 'up');
      if (restartsEmulator(instructions)) return [];
      return [
        ...(restartsProcess(instructions, step.change.name, '') ? [] : applicationStart(step, places)),
        ...step.modules
          .filter(({ module }) => !restartsProcess(instructions, step.change.name, module))
          .flatMap((module) => processStart(step, module, places)),
      ];
    });
}

const REMEDY =
  'If a running node needs it, do it in code_change as well, or by a function that the appup calls: {apply, {Module, Function, Args}}.';

function applicationStart({ change, start }: Step, places: Places): Finding[] {
  if (start === null) return [];
  const { module, calls } = start;
  const what = calls.length === 0 ? '' : `, which now calls ${some(calls, 4)}`;
  return [
    {
      id: 'start-changed',
      severity: calls.length > 0 ? 'warning' : 'notice',
      application: change.name,
      module,
      message: `The start code of ${change.name} (start/2 of ${module}) changed between ${change.from ?? ''} and ${change.to ?? ''}${what}; an upgrade does not run it.`,
      remedy: remedyFor(places, change.name, REMEDY),
      location: applicationPlace(places, change.name),
    },
  ];
}

function processStart({ change }: Step, { module, makes }: CheckedModule, places: Places): Finding[] {
  if (makes.length === 0) return [];
  return [
    {
      id: 'start-changed',
      severity: 'warning',
      application: change.name,
      module,
      message: `init/1 of ${module} now does what it did not do in this way in ${change.name} ${change.from ?? ''}: ${some(makes, 4)}. Processes that run stay as their own init/1 has left them.`,
      remedy: remedyFor(places, change.name, REMEDY),
      location: applicationPlace(places, change.name),
    },
  ];
}
