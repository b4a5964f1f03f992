import type { ReleaseCode } from './deploy-input.js';
import { codeDifferences } from './node-code.js';
import type { NodeObservation } from './observation.js';
import { childrenOf, parentPath, RUNTIME, specChanges, type PlacedChild } from './supervision.js';

/** Something that a node which was upgraded or downgraded has otherwise than one that booted the same release. */
export interface Difference {
  readonly kind:
    | 'module-differs'
    | 'module-not-loaded'
    | 'module-left'
    | 'application-missing'
    | 'application-left'
    | 'application-version'
    | 'environment-missing'
    | 'environment-left'
    | 'environment-differs'
    | 'child-missing'
    | 'child-left'
    | 'child-changed'
    | 'registered-missing'
    | 'registered-left';
  readonly application?: string;
  /** What it is about, e.g. a module, `application:key`, a registered name or the place of a child. */
  readonly subject: string;
  /** How it differs, when the kind does not say it all. */
  readonly detail?: string;
  /** For children. */
  readonly child?: PlacedChild;
  /** For a missing child: whether its supervisor knows how to start it. */
  readonly specified?: boolean;
  /** For the environment: whether a file of the release sets the key. */
  readonly configured?: boolean;
}

export interface Comparison {
  /** The node that was upgraded or downgraded. */
  readonly found: NodeObservation;
  /** One that booted the same release. */
  readonly booted: NodeObservation;
  /** Another boot of it, when there is one: what differs between the two depends on the boot, and tells nothing. */
  readonly bootedAgain?: NodeObservation | undefined;
  /** One that booted the release on the other side of the step; what only it and `found` have was left over. */
  readonly other: NodeObservation;
  /** The last snapshot before the step; what is in it was there before, so that no instruction has made it. */
  readonly before: NodeObservation;
  /** The code of the release. */
  readonly release: ReleaseCode;
}

/**
 * Compares a node after a step with one that booted the same release (H24, H50, H51, H79–H81). Pure. What applications make
 * at run time – children with ids of their own, names, values – differs on every node and is left out as far as it can be
 * told; children of a supervisor's own list never are.
 */
export function compareNodes(comparison: Comparison): Difference[] {
  return [
    ...moduleDifferences(comparison),
    ...applicationDifferences(comparison),
    ...environmentDifferences(comparison),
    ...childDifferences(comparison),
    ...registeredDifferences(comparison),
  ];
}

function moduleDifferences({ found, booted, release }: Comparison): Difference[] {
  const loaded = new Set(found.modules.map(({ name }) => name));
  const applications = new Map(
    release.applications.flatMap(({ name, modules }) => Object.keys(modules).map((module) => [module, name])),
  );
  const missing = booted.modules.filter(({ name }) => applications.has(name) && !loaded.has(name));
  return [
    ...codeDifferences(found, release).map(({ module, kind, file }): Difference => {
      const application = applications.get(module) ?? applicationIn(file);
      return {
        kind: kind === 'unknown' ? 'module-left' : 'module-differs',
        ...(application === undefined ? {} : { application }),
        subject: module,
      };
    }),
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
    if (is === should) return [];
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

function environmentDifferences({ found, booted, bootedAgain, before }: Comparison): Difference[] {
  const compared = Object.keys(booted.environmentKeys).filter((name) => name in found.environmentKeys);
  return compared.sort().flatMap((application) => {
    const [is, should] = [found, booted].map((node) => node.environmentKeys[application] ?? {});
    const keys = [...new Set([...Object.keys(is ?? {}), ...Object.keys(should ?? {})])].sort();
    return keys.flatMap((key): Difference[] => {
      const [has, needs] = [is?.[key], should?.[key]];
      if (has?.hash === needs?.hash) return [];
      // What OTP itself sets at its start, and what the command line does for the node's distribution.
      if (RUNTIME.includes(application) && needs?.configured !== true) return [];
      const again = bootedAgain?.environmentKeys[application]?.[key];
      if (bootedAgain !== undefined && again?.hash !== needs?.hash) return [];
      const base = { application, subject: `${application}:${key}` };
      if (has === undefined)
        return [{ kind: 'environment-missing', ...base, configured: needs?.configured === true }];
      if (needs !== undefined)
        return [{ kind: 'environment-differs', ...base, configured: needs.configured }];
      // Set at run time meanwhile; a step only keeps or removes it.
      const was = before.environmentKeys[application]?.[key];
      return was === undefined ? [] : [{ kind: 'environment-left', ...base, configured: false }];
    });
  });
}

function childDifferences({ found, booted, bootedAgain, other, before }: Comparison): Difference[] {
  const is = childrenOf(found);
  const should = childrenOf(booted);
  const again = bootedAgain === undefined ? undefined : childrenOf(bootedAgain);
  const others = childrenOf(other);
  const earlier = childrenOf(before);
  const differences: Difference[] = [];
  const reported = new Set<string>();
  const report = (difference: Difference, child: PlacedChild): void => {
    reported.add(child.path);
    if (reported.has(parentPath(child.path))) return;
    const { application, place } = child;
    differences.push({ ...difference, application, subject: place, child });
  };
  for (const [path, child] of should) {
    const here = is.get(path);
    const isStable = again === undefined || runs(again.get(path)) === runs(child);
    if (here === undefined || (!runs(here) && runs(child))) {
      if (isStable && wasStartable(child)) {
        report({ kind: 'child-missing', subject: '', specified: here !== undefined }, child);
      }
      continue;
    }
    const changes = specChanges(here, child);
    const alike = again?.get(path);
    if (changes.length > 0 && (alike === undefined || specChanges(alike, child).length === 0)) {
      report({ kind: 'child-changed', subject: '', detail: changes.join('; ') }, child);
    }
  }
  for (const [path, child] of is) {
    if (should.has(path) || again?.has(path) === true) continue;
    const isLeft = others.has(path);
    const wasAdded = child.child.isAtom && !earlier.has(path) && isUpgraded(found, other, child);
    if (isLeft || wasAdded) report({ kind: 'child-left', subject: '' }, child);
  }
  return differences;
}

function runs(child: PlacedChild | undefined): boolean {
  return child?.child.process != null;
}

/** What has no process after a boot either (start functions that answer `ignore`) is only compared by its specification. */
function wasStartable(child: PlacedChild): boolean {
  return runs(child) || child.child.spec !== null;
}

/** No instruction adds children to applications that stay as they are; what is new there was started at run time. */
function isUpgraded(found: NodeObservation, other: NodeObservation, { application }: PlacedChild): boolean {
  return found.applications[application] !== other.applications[application];
}

function registeredDifferences({ found, booted, bootedAgain, other }: Comparison): Difference[] {
  const [is, should, before] = [found, booted, other].map(({ registered }) => new Set(registered));
  const again = bootedAgain === undefined ? undefined : new Set(bootedAgain.registered);
  const missing = booted.registered.filter((name) => !is?.has(name) && again?.has(name) !== false);
  const left = found.registered.filter(
    (name) => !should?.has(name) && again?.has(name) !== true && before?.has(name),
  );
  return [
    ...missing.sort().map((subject): Difference => ({ kind: 'registered-missing', subject })),
    ...left.sort().map((subject): Difference => ({ kind: 'registered-left', subject })),
  ];
}
