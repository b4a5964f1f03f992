import type { Comparison, Difference } from './difference.js';
import type { EnvironmentKey, NodeObservation } from './observation.js';
import { RUNTIME } from './supervision.js';

/**
 * Keys of the applications' environment whose value is another one than after a boot (H79–H81, H124). Pure. An upgrade sets the
 * environment to what the files say; what applications make of it at their start is not done again, and is told as such.
 */
export function environmentDifferences(comparison: Comparison): Difference[] {
  const { found, booted } = comparison;
  const compared = Object.keys(booted.environmentKeys).filter((name) => name in found.environmentKeys);
  return compared.sort().flatMap((application) => {
    const keys = [found, booted].flatMap((node) => Object.keys(node.environmentKeys[application] ?? {}));
    return [...new Set(keys)].sort().flatMap((key) => keyDifference(comparison, application, key));
  });
}

function keyDifference(comparison: Comparison, application: string, key: string): Difference[] {
  const { found, booted, bootedAgain, before, other } = comparison;
  const [has, needs, was] = [found, booted, before].map((node) => keyOf(node, application, key));
  if (has?.hash === needs?.hash) return [];
  // vm.args is not read by an upgrade, which is told of the file as a whole
  if (has?.argument === true || needs?.argument === true) return [];
  const rewritten = isRewritten(needs) || isRewritten(was, keyOf(other, application, key));
  const configured = needs?.configured === true && !rewritten;
  // What OTP itself sets at its start, and what the command line does for the node's distribution.
  if (RUNTIME.includes(application) && !configured) return [];
  if (bootedAgain !== undefined && keyOf(bootedAgain, application, key)?.hash !== needs?.hash) return [];
  const base = { application, subject: `${application}:${key}`, configured };
  if (has === undefined) return [{ kind: 'environment-missing', ...base }];
  if (needs !== undefined) return [{ kind: 'environment-differs', ...base }];
  // Set at run time meanwhile; a step only keeps or removes it.
  return was === undefined ? [] : [{ kind: 'environment-left', ...base }];
}

/** Whether the application, or OTP at its boot, has put another value in the place of the file's. */
function isRewritten(value: EnvironmentKey | undefined, files = value): boolean {
  return value !== undefined && files?.configured === true && value.hash !== files.file;
}

function keyOf(node: NodeObservation, application: string, key: string): EnvironmentKey | undefined {
  return node.environmentKeys[application]?.[key];
}

/** Settings of OTP that a running node looks up each time, or that its applications are told of. */
const APPLIED = ['kernel:distributed', 'kernel:dist_auto_connect', 'kernel:permissions'];

/** Settings of OTP's base that the files of two releases give other values: they are read when a node boots. Pure. */
export function bootSettings(upFrom: NodeObservation, release: NodeObservation): string[] {
  return RUNTIME.flatMap((application) => {
    const [before, after] = [upFrom, release].map((node) => node.environmentKeys[application] ?? {});
    const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
    return keys
      .filter((key) => (before?.[key]?.file ?? null) !== (after?.[key]?.file ?? null))
      .map((key) => `${application}:${key}`);
  })
    .filter((name) => !APPLIED.includes(name))
    .sort();
}

/** Keys of other applications whose value in the files is another one in two releases, as `[application, key]`. Pure. */
export function changedSettings(upFrom: NodeObservation, release: NodeObservation): [string, string][] {
  return Object.keys(release.environmentKeys)
    .filter((application) => !RUNTIME.includes(application) && application in upFrom.environmentKeys)
    .flatMap((application) => {
      const [before, after] = [upFrom, release].map((node) => node.environmentKeys[application] ?? {});
      return Object.entries(after ?? {})
        .filter(([key, { file }]) => file !== null && file !== (before?.[key]?.file ?? null))
        .map(([key]): [string, string] => [application, key]);
    });
}
