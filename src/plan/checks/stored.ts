import type { Finding } from '../../model/finding.js';
import type { CheckedModule, Step, StoredRecord } from './facts.js';
import { applicationPlace, isOwn, remedyFor, sourceLocation, type Places } from './module-places.js';
import { allInstructions, restartsEmulator, restartsProcess } from './steps.js';
import { some } from '../../shared/some.js';

/**
 * Records with other fields than before: values that were made of them stay as they are, in tables, in states, in messages, and
 * the new code takes them for something else. Whether there are any cannot be seen, so it is a warning; the records that states
 * are known to consist of are a matter of their own (`state-changed`). Pure.
 */
export function checkStored(steps: readonly Step[], places: Places): Finding[] {
  return steps
    .filter((step) => step.appup.origin !== 'shipped')
    .flatMap((step) => {
      const instructions = allInstructions(steps, step, 'up');
      if (restartsEmulator(instructions)) return [];
      const modules = step.modules.filter(
        ({ module }) => !restartsProcess(instructions, step.change.name, module),
      );
      return [
        ...modules.flatMap((checked) =>
          checked.stored.flatMap((stored) => inTable({ step, module: checked.module, stored, places })),
        ),
        ...elsewhere(step, modules, places),
      ];
    });
}

function inTable({
  step,
  module,
  stored,
  places,
}: {
  readonly step: Step;
  readonly module: string;
  readonly stored: StoredRecord;
  readonly places: Places;
}): Finding[] {
  if (stored.call === null) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: 'stored-record-changed',
      severity: 'warning',
      application: name,
      module,
      message: `${module} keeps #${stored.record}{} by ${stored.call}, and the record has other fields in ${name} ${to ?? ''} than in ${from ?? ''}; what is stored stays as it is:\n${difference(stored)}`,
      remedy: remedyFor(
        places,
        name,
        `Convert what is stored in code_change of ${module}, or by a function that the appup calls: {apply, {${module}, Function, []}}; or let the code take both forms.`,
      ),
      location: sourceLocation(places, stored.place) ?? applicationPlace(places, name),
    },
  ];
}

/** Told once for each record, whichever modules make it; not of records whose way is told otherwise. */
function elsewhere(step: Step, modules: readonly CheckedModule[], places: Places): Finding[] {
  // by their definitions: every other module has a #state{} of its own
  const told = new Set(
    step.modules.flatMap(({ stored, state }) => [
      ...stored.flatMap(({ new: now, call }) => (call === null ? [] : [now])),
      ...(state === null || 'unseen' in state ? [] : state.new),
    ]),
  );
  const makers = new Map<string, { stored: StoredRecord; modules: string[] }>();
  for (const { module, stored } of modules) {
    for (const one of stored.filter(({ new: now }) => !told.has(now))) {
      const known = makers.get(difference(one)) ?? { stored: one, modules: [] };
      known.modules.push(module);
      makers.set(difference(one), known);
    }
  }
  const { name, from, to } = step.change;
  return [...makers.values()].map(({ stored, modules: by }): Finding => ({
    id: 'record-changed',
    severity: 'warning',
    application: name,
    message: `#${stored.record}{}, which ${some(by, 3)} ${by.length === 1 ? 'makes' : 'make'}, has other fields in ${name} ${to ?? ''} than in ${from ?? ''}; values that processes keep of it stay as they are:\n${difference(stored)}`,
    remedy: `Look whether a process keeps such values (in its state, a queue, a table) or gets them from another: if so, ${isOwn(places, name) ? 'convert them in its code_change, or restart it' : `have ${name} restarted by {${name}, [{strategy, restart}]}. in relup.config`}; if they never outlive a call, there is nothing to do.`,
    location: sourceLocation(places, stored.place) ?? applicationPlace(places, name),
  }));
}

function difference({ old, new: now }: StoredRecord): string {
  return `- ${old}\n+ ${now}`;
}
