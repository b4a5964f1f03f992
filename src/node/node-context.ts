import type { NodeControl } from './control.js';
import type { NodeProcess } from './node-process.js';
import type { ComparisonInput } from './package-files.js';

/** A node, and what it is to run: enough to look at it. */
export interface NodeContext extends ComparisonInput {
  readonly control: NodeControl;
  readonly node: NodeProcess;
  /** How long one step of release_handler may take before the node is watched instead. */
  readonly stepSeconds: number;
  /** How long the node is watched, after an answer was lost, until it settles. */
  readonly watchSeconds: number;
  /** When the installation began, by performance.now(); undefined before, and in a later run. */
  readonly installBegan?: () => number | undefined;
}

/** The release package as release_handler names it: without `.tar.gz`, relative to `releases`. */
export function packageName({ manifest }: Pick<NodeContext, 'manifest'>): string {
  return `${manifest.name}-${manifest.version}`;
}

/** Where release_handler looks for the release package, relative to the installed root. */
export function packagePath(context: Pick<NodeContext, 'manifest'>): string {
  return `releases/${packageName(context)}.tar.gz`;
}
