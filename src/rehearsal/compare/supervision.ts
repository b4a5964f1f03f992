import type { ChildSpec, NodeObservation, ObservedChild, ObservedProcess } from './observation.js';

/** A child of a supervisor, with the way to it. */
export interface PlacedChild {
  readonly application: string;
  /** The same on every node: application and child keys from the top. */
  readonly path: string;
  /** For people: `web: web_sup → pool_sup → worker`. */
  readonly place: string;
  /** The supervisor that it belongs to. */
  readonly supervisor: Pick<ObservedProcess, 'name' | 'callback'>;
  readonly child: ObservedChild;
}

/** OTP's own, which no hot upgrade changes, and which get children at run time (timers, tables, disk logs). */
export const RUNTIME: readonly string[] = ['kernel', 'stdlib', 'sasl'];

/** Every supervised child by its path, parents before their children; without those of kernel, stdlib and sasl. */
export function childrenOf({ trees }: Pick<NodeObservation, 'trees'>): Map<string, PlacedChild> {
  const found = new Map<string, PlacedChild>();
  for (const [application, top] of Object.entries(trees)) {
    if (!RUNTIME.includes(application)) {
      collect({
        application,
        path: application,
        place: `${application}: ${processName(top)}`,
        process: top,
        found,
      });
    }
  }
  return found;
}

/** How many supervised processes there are, without those of kernel, stdlib and sasl. */
export function countProcesses({ trees }: Pick<NodeObservation, 'trees'>): number {
  const count = ({ children = [], count: dynamic = 0 }: ObservedProcess): number =>
    children.reduce((sum, child) => sum + (child.process === null ? 0 : count(child.process)), 1 + dynamic);
  return Object.entries(trees).reduce(
    (sum, [application, top]) => sum + (RUNTIME.includes(application) ? 0 : count(top)),
    0,
  );
}

/** Supervisors that did not answer within a second, by place (H76). */
export function unresponsiveOf({ trees }: Pick<NodeObservation, 'trees'>): string[] {
  const found: string[] = [];
  const walk = (place: string, process: ObservedProcess): void => {
    if (process.kind === 'unresponsive') found.push(place);
    for (const child of process.children ?? []) {
      if (child.process !== null) walk(`${place} → ${child.id}`, child.process);
    }
  };
  for (const [application, top] of Object.entries(trees)) walk(`${application}: ${processName(top)}`, top);
  return found;
}

function collect({
  application,
  path,
  place,
  process,
  found,
}: {
  readonly application: string;
  readonly path: string;
  readonly place: string;
  readonly process: ObservedProcess;
  readonly found: Map<string, PlacedChild>;
}): void {
  for (const child of process.children ?? []) {
    const at = uniquePath(`${path}/${child.key}`, found);
    const { name, callback } = process;
    const placed = `${place} → ${child.id}`;
    found.set(at, { application, path: at, place: placed, supervisor: { name, callback }, child });
    if (child.process !== null)
      collect({ application, path: at, place: placed, process: child.process, found });
  }
}

/** Ids that differ only in a process identifier have the same key. */
function uniquePath(path: string, found: ReadonlyMap<string, unknown>): string {
  let unique = path;
  for (let number = 2; found.has(unique); number++) unique = `${path}#${number}`;
  return unique;
}

function processName({ name, callback, pid }: ObservedProcess): string {
  return name ?? callback ?? pid;
}

/** The path of the supervisor that a path leads to a child of. */
export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** What a child specification says differently, e.g. `restart permanent → transient`; empty when it is the same. */
export function specChanges(found: PlacedChild, expected: PlacedChild): string[] {
  return [
    ...specDifferences(found.child.spec, expected.child.spec),
    ...dynamicDifferences(found.child.process, expected.child.process),
  ];
}

function dynamicDifferences(found: ObservedProcess | null, expected: ObservedProcess | null): string[] {
  if (found?.kind !== 'dynamic' || expected?.kind !== 'dynamic') return [];
  return specDifferences(found.spec ?? null, expected.spec ?? null).map((text) => `of its children: ${text}`);
}

function specDifferences(found: ChildSpec | null, expected: ChildSpec | null): string[] {
  if (found === null || expected === null) return [];
  const names = [...new Set([...Object.keys(found.options), ...Object.keys(expected.options)])].sort();
  return [
    ...(found.start === expected.start ? [] : [`start ${found.start} instead of ${expected.start}`]),
    ...(found.start === expected.start && found.arguments !== expected.arguments
      ? [`other arguments for ${found.start}`]
      : []),
    ...names
      .filter((name) => found.options[name] !== expected.options[name])
      .map(
        (name) => `${name} ${found.options[name] ?? 'none'} instead of ${expected.options[name] ?? 'none'}`,
      ),
  ];
}
