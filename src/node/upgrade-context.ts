import type { NodeControl } from './control.js';
import type { NodeProcess } from './node-process.js';
import type { ComparisonInput } from './package-files.js';

/** What the steps of an upgrade share. */
export interface UpgradeContext extends ComparisonInput {
  readonly control: NodeControl;
  readonly node: NodeProcess;
  /** How long one step of release_handler may take before the node is watched instead. */
  readonly stepSeconds: number;
  /** How long the node is watched, after an answer was lost, until it settles. */
  readonly watchSeconds: number;
}

/** The release package as release_handler names it: without `.tar.gz`, relative to `releases`. */
export function packageName({ manifest }: Pick<UpgradeContext, 'manifest'>): string {
  return `${manifest.name}-${manifest.version}`;
}

/** Where release_handler looks for the release package, relative to the installed root. */
export function packagePath(context: Pick<UpgradeContext, 'manifest'>): string {
  return `releases/${packageName(context)}.tar.gz`;
}
