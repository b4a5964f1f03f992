import { setTimeout } from 'node:timers/promises';
import { journalOf, type DeployEnd, type DeployProcess } from '../../support/deploy-process.js';

/** When a deploy is interrupted: some time after it began, or after an entry of its journal. In milliseconds. */
export type Point =
  { readonly after: number; readonly step?: never } | { readonly step: string; readonly after: number };

export function pointText({ step, after }: Point): string {
  return step === undefined ? `after ${after} ms` : `${after} ms after ${step}`;
}

/**
 * Waits until the journal has an entry of a step, written by this deploy.
 *
 * @returns false when the deploy ended without it
 */
export async function reached(deploy: DeployProcess, root: string, step: string): Promise<boolean> {
  const begun = (): boolean =>
    journalOf(root).some((entry) => entry.step === step && Date.parse(entry.at) >= deploy.since);
  for (;;) {
    if (begun()) return true;
    if (deploy.over) return begun();
    await setTimeout(1);
  }
}

/** Signals a deploy at a point; `hit`: it had not ended before. */
export async function interrupt(
  deploy: DeployProcess,
  root: string,
  { step, after }: Point,
  signal: NodeJS.Signals,
): Promise<DeployEnd & { readonly hit: boolean }> {
  if (step !== undefined) await reached(deploy, root, step);
  const until = performance.now() + after;
  while (!deploy.over && performance.now() < until) await setTimeout(1);
  const hit = !deploy.over;
  deploy.signal(signal);
  return { ...(await deploy.ended), hit };
}

/** The state that a deploy says it left the node in; `none` when it was refused before it could change anything. */
export function stateOf({ output }: DeployEnd): string {
  return /^ended: ([\w-]+)/m.exec(output)?.[1] ?? 'killed';
}
