import type { Attempt, NodeState } from '../../model/deploy.js';
import type { DeployManifest } from '../../model/deploy-input.js';
import type { NodeProcess } from '../../node/node-process.js';
import type { CommandFacts } from '../commands/commands.js';
import type { PlaceContext } from './place-context.js';

/** One installation or restart at work. */
export interface Placing {
  readonly place: PlaceContext;
  readonly attempt: Attempt;
  /** What booted before; undefined for an installation. */
  readonly old: DeployManifest | undefined;
}

/** What the user's commands are told. */
export function factsOf(
  { place, attempt }: Pick<Placing, 'place' | 'attempt'>,
  node?: Pick<NodeProcess, 'nodeName' | 'pid'>,
): CommandFacts {
  const { name, version, from } = attempt;
  return { root: place.deployRoot, name, version, upFrom: from, nodeName: node?.nodeName, pid: node?.pid };
}

/** What an installation or a restart that succeeded comes to. */
export function doneState({
  way,
  goesBack,
}: {
  readonly way?: Attempt['way'];
  readonly goesBack?: boolean | undefined;
}): NodeState {
  if (goesBack === true) return 'downgraded';
  return way === 'install' ? 'installed' : 'restarted';
}
