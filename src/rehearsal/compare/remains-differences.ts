import type { Comparison, Difference } from './difference.js';
import { bootSettings } from './environment-differences.js';
import type { NodeObservation } from './observation.js';

/** One thing that start code leaves, as name → what is compared of it; the name says what it is. */
type Things = ReadonlyMap<string, { readonly application?: string; readonly options: Options }>;
type Options = Readonly<Record<string, string | number | null>>;

/**
 * What the start code of a boot leaves and an upgrade does not, which runs none of it (H129). Pure. What is made while a node
 * runs differs from node to node: only what two boots of a release have alike counts.
 */
export function remainsDifferences({ found, booted, bootedAgain, other, script }: Comparison): Difference[] {
  // handlers of sys.config are told of as what it says
  const isTold = bootSettings(other, booted).some((name) => name.startsWith('kernel:logger'));
  const things = (node: NodeObservation): Things => thingsOf(node, isTold);
  const [is, should, before] = [found, booted, other].map(things) as [Things, Things, Things];
  const again = bootedAgain === undefined ? undefined : things(bootedAgain);
  return [
    ...[...should].flatMap(([subject, { application, options }]): Difference[] => {
      if (again !== undefined && !isSame(again.get(subject)?.options, options)) return [];
      const restarted = application !== undefined && script?.stopsApplications.includes(application) === true;
      const base = { subject, restarted, ...(application === undefined ? {} : { application }) };
      const has = is.get(subject);
      if (has === undefined) return isWithin(subject, is) ? [] : [{ kind: 'remains-missing', ...base }];
      const detail = changes(has.options, options);
      return detail === '' ? [] : [{ kind: 'remains-differs', ...base, detail }];
    }),
    ...[...is].flatMap(([subject, { application }]): Difference[] =>
      should.has(subject) ||
      again?.has(subject) === true ||
      !before.has(subject) ||
      subject.startsWith('key ')
        ? []
        : [{ kind: 'remains-left', subject, ...(application === undefined ? {} : { application }) }],
    ),
  ];
}

/** A key whose table is missing, too. */
function isWithin(subject: string, things: Things): boolean {
  const [, table] = /^key .* of the (ETS table .*)$/.exec(subject) ?? [];
  return table !== undefined && !things.has(table);
}

function thingsOf({ remains }: NodeObservation, withoutLogger: boolean): Things {
  const { tables, terms, mnesia, handlers } = remains;
  const things = new Map<string, { application?: string; options: Options }>();
  for (const [name, { application, options, keys }] of Object.entries(tables)) {
    things.set(`ETS table ${name}`, { application, options });
    for (const key of keys) things.set(`key ${key} of the ETS table ${name}`, { application, options: {} });
  }
  for (const key of terms) things.set(`persistent term ${key}`, { options: {} });
  for (const [name, options] of Object.entries(mnesia)) things.set(`mnesia table ${name}`, { options });
  if (withoutLogger) return things;
  for (const [id, options] of Object.entries(handlers)) things.set(`logger handler ${id}`, { options });
  return things;
}

function isSame(one: Options | undefined, other: Options): boolean {
  return one !== undefined && changes(one, other) === '';
}

/** `protection public instead of protected`; empty when nothing differs. */
function changes(found: Options, expected: Options): string {
  return Object.keys(expected)
    .filter((name) => found[name] !== expected[name])
    .map((name) => `${name} ${text(found[name])} instead of ${text(expected[name])}`)
    .join(', ');
}

function text(value: Options[string] | undefined): string {
  return value == null ? 'none' : String(value);
}
