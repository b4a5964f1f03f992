import type { Finding } from '../../../shared/findings.js';
import type { CheckedModule, Step, StoredRecord } from './facts.js';
import { applicationPlace, sourceLocation, type Places } from './places.js';
import { allInstructions, restartsEmulator, restartsProcess } from './steps.js';

/**
 * Records with other fields than before that are kept in tables: an upgrade does not touch the rows, and the new code takes them
 * for something else. Whether any are there cannot be seen, so it is a warning. Pure.
 */
export function checkStored(steps: readonly Step[], places: Places): Finding[] {
  return steps
    .filter((step) => step.appup.origin !== 'shipped')
    .flatMap((step) => {
      const instructions = allInstructions(steps, step, 'up');
      if (restartsEmulator(instructions)) return [];
      return step.modules
        .filter(({ module }) => !restartsProcess(instructions, step.change.name, module))
        .flatMap((checked) => checked.stored.map((stored) => finding(step, checked, stored, places)));
    });
}

function finding(step: Step, { module }: CheckedModule, stored: StoredRecord, places: Places): Finding {
  const { name, from, to } = step.change;
  return {
    id: 'stored-record-changed',
    severity: 'warning',
    application: name,
    module,
    message: `${module} keeps #${stored.record}{} by ${stored.call}, and the record has other fields in ${name} ${to ?? ''} than in ${from ?? ''}; what is stored stays as it is:\n- ${stored.old}\n+ ${stored.new}`,
    remedy: `Convert what is stored in code_change of ${module}, or by a function that the appup calls: {apply, {${module}, Function, []}}; or let the code take both forms.`,
    location: sourceLocation(places, stored.place) ?? applicationPlace(places, name),
  };
}
