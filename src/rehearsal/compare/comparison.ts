import { childDifferences } from './child-differences.js';
import type { Comparison, Difference } from './difference.js';
import { environmentDifferences } from './environment-differences.js';
import { codeDifferences, selfMadeModules } from '../../node/node-code.js';
import { remainsDifferences } from './remains-differences.js';
import type { ObservedProcess } from './observation.js';
import { some } from '../../shared/some.js';

/**
 * Compares a node after a step with one that booted the same release (H24, H50, H51, H79–H81). Pure. What applications make
 * at run time – children with ids of their own, names, values – differs on every node and is left out as far as it can be
 * told; children of a supervisor's own list never are.
 */
export function compareNodes(comparison: Comparison): Difference[] {
  const { later } = comparison;
  const differences = differencesFrom(comparison);
  if (later === undefined) return differences;
  const remaining = new Set(
    differencesFrom({ ...comparison, booted: later, bootedAgain: undefined }).map(key),
  );
  return differences.filter((difference) => !dependsOnTime(difference) || remaining.has(key(difference)));
}

/** Whether what is compared may come or go while a node runs, so that it should be looked at once more. */
export function dependsOnTime({ kind }: Difference): boolean {
  return !kind.startsWith('module') && !kind.startsWith('application');
}

function key({ kind, subject }: Difference): string {
  return `${kind} ${subject}`;
}

function differencesFrom(comparison: Comparison): Difference[] {
  const children = childDifferences(comparison);
  const told = new Set(
    children.flatMap(({ child, names = [] }) => [...namesBelow(child?.child.process ?? null), ...names]),
  );
  return [
    ...moduleDifferences(comparison),
    ...applicationDifferences(comparison),
    ...environmentDifferences(comparison),
    ...children,
    // a child that is missing or left over has its name with it
    ...registeredDifferences(comparison).filter(({ subject }) => !told.has(subject)),
    ...remainsDifferences(comparison),
  ];
}

function namesBelow(process: ObservedProcess | null): string[] {
  if (process === null) return [];
  const below = (process.children ?? []).flatMap((one) => namesBelow(one.process));
  return process.name === null ? below : [process.name, ...below];
}

function moduleDifferences({ found, booted, release }: Comparison): Difference[] {
  const loaded = new Set(found.modules.map(({ name }) => name));
  const applications = new Map(
    release.applications.flatMap(({ name, modules }) => Object.keys(modules).map((module) => [module, name])),
  );
  const missing = booted.modules.filter(({ name }) => applications.has(name) && !loaded.has(name));
  return [
    ...codeDifferences(found, { ...release, selfMade: selfMadeModules(booted, release) }).map(
      ({ module, kind, file }): Difference => {
        const application = applications.get(module) ?? applicationIn(file);
        return {
          kind: kind === 'unknown' ? 'module-left' : 'module-differs',
          ...(application === undefined ? {} : { application }),
          subject: module,
        };
      },
    ),
    // In interactive mode it is loaded when it is called.
    ...(found.mode === 'embedded' ? missing : []).map(({ name }): Difference => ({
      kind: 'module-not-loaded',
      application: applications.get(name) as string,
      subject: name,
    })),
  ];
}

function applicationIn(file: string): string | undefined {
  return /\/lib\/([^/]+?)-[^/-]+\/ebin\/[^/]+$/.exec(file)?.[1];
}

function applicationDifferences({ found, booted }: Comparison): Difference[] {
  const names = [
    ...new Set([...Object.keys(found.applications), ...Object.keys(booted.applications)]),
  ].sort();
  return names.flatMap((application): Difference[] => {
    const [is, should] = [found.applications[application], booted.applications[application]];
    if (is === should) return typeDifference(application, found, booted);
    if (should === undefined) return [{ kind: 'application-left', application, subject: application }];
    if (is === undefined) return [{ kind: 'application-missing', application, subject: application }];
    return [
      {
        kind: 'application-version',
        application,
        subject: application,
        detail: `${is} instead of ${should}`,
      },
    ];
  });
}

/** A running application keeps the type that it was started with (H128). */
function typeDifference(
  application: string,
  found: Comparison['found'],
  booted: Comparison['booted'],
): Difference[] {
  const [is, should] = [found.types[application], booted.types[application]];
  if (is === undefined || should === undefined || is === should) return [];
  const detail = `${is} instead of ${should}`;
  return [{ kind: 'application-type', application, subject: application, detail }];
}

/** What OTP starts below kernel_safe_sup, or beside it, for whoever asks first, and never stops (kernel, stdlib). */
const ON_DEMAND: ReadonlySet<string> = new Set([
  'dets',
  'dets_sup',
  'disk_log_server',
  'disk_log_sup',
  'inet_gethost_native',
  'inet_gethost_native_sup',
  'timer_server',
]);

function registeredDifferences(comparison: Comparison): Difference[] {
  const { found, booted, bootedAgain, other, before: earlier } = comparison;
  const [is, should, before] = [found, booted, other].map(({ registered }) => new Set(registered));
  const again = bootedAgain === undefined ? undefined : new Set(bootedAgain.registered);
  // processes of logger's handlers are told of by the handlers
  const counts = (name: string): boolean => !/^logger_(std|disk_log)_h_/.test(name) && !ON_DEMAND.has(name);
  const missing = booted.registered.filter(
    (name) => counts(name) && !is?.has(name) && again?.has(name) !== false,
  );
  const left = found.registered.filter(
    (name) => counts(name) && !should?.has(name) && again?.has(name) !== true && before?.has(name),
  );
  const renamed = renamedProcesses(comparison, missing.sort(), left.sort());
  const isTold = (name: string): boolean => renamed.some(({ names = [] }) => names.includes(name));
  return [
    ...renamed,
    ...missing
      .filter((name) => !isTold(name))
      .map((subject): Difference => ({
        kind: 'registered-missing',
        subject,
        existed: earlier.registered.includes(subject),
      })),
    ...left
      .filter((name) => !isTold(name))
      .map((subject): Difference => ({ kind: 'registered-left', subject })),
  ];
}

/** By callback module: processes that go on under the names of the other release. */
function renamedProcesses(
  { found, booted }: Comparison,
  missing: readonly string[],
  left: readonly string[],
): Difference[] {
  const modules = new Set(missing.flatMap((name) => booted.callbacks[name] ?? []));
  return [...modules].flatMap((module): Difference[] => {
    const should = missing.filter((name) => booted.callbacks[name] === module);
    const is = left.filter((name) => found.callbacks[name] === module);
    if (is.length === 0) return [];
    const detail = `registered as ${some(is, 3)}, but as ${some(should, 3)}`;
    return [{ kind: 'registered-renamed', subject: module, detail, names: [...is, ...should] }];
  });
}
