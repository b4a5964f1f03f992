import { sha256 } from '../../shared/sha256.js';
import type { FleetNode } from './fleet.js';

/** What is done with a node, in this order. */
export type Stage = 'dry-run' | 'deploy' | 'back';

/** What the jobs of a matrix get. */
export interface NodeJob extends Omit<FleetNode, 'index'> {
  readonly index: string;
  readonly stage: Stage;
  /** Inputs of the deploy. */
  readonly dry: 'true' | 'false';
  readonly version: '' | 'previous';
  /** Names of the artifacts of this rollout begin so. */
  readonly prefix: string;
  /** Name of the artifact for the report. */
  readonly report: string;
}

/** Who is deployed to when. */
export interface Plan {
  readonly prefix: string;
  readonly dryRun: readonly NodeJob[];
  /** The first node alone. */
  readonly canary: readonly NodeJob[];
  readonly others: readonly NodeJob[];
}

/** Tells the artifacts of this rollout from those of another one in the same run, and of an earlier attempt. Pure. */
export function prefixOf(fleet: readonly FleetNode[], attempt: string): string {
  return `rolling-${sha256(JSON.stringify(fleet)).slice(0, 8)}-${attempt}`;
}

/** Pure. */
export function planOf(fleet: readonly FleetNode[], prefix: string): Plan {
  const deploys = fleet.map((node) => jobOf(node, 'deploy', prefix));
  return {
    prefix,
    dryRun: fleet.map((node) => jobOf(node, 'dry-run', prefix)),
    canary: deploys.slice(0, 1),
    others: deploys.slice(1),
  };
}

/** Pure. */
export function jobOf(node: FleetNode, stage: Stage, prefix: string): NodeJob {
  return {
    ...node,
    index: String(node.index),
    stage,
    dry: stage === 'dry-run' ? 'true' : 'false',
    version: stage === 'back' ? 'previous' : '',
    prefix,
    report: artifactOf(prefix, stage, node.index),
  };
}

/** Name of an artifact of this rollout; `begun` is a mark without contents. Pure. */
export function artifactOf(prefix: string, what: Stage | 'begun', index: number): string {
  return `${prefix}-${what}-${index}`;
}

/** The plan in words. Pure. */
export function planText({ canary, others }: Plan, atOnce: number): string[] {
  const names = (jobs: readonly NodeJob[]): string => jobs.map(({ node }) => node).join(', ');
  return [
    `First all ${canary.length + others.length} are asked whether they can be upgraded.`,
    `Canary: ${names(canary)}.`,
    ...(others.length === 0 ? [] : [`Then, ${atOnce === 1 ? 'one' : atOnce} at a time: ${names(others)}.`]),
  ];
}
