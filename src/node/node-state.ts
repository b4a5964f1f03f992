import type { NodeSnapshot, LoadedModule } from '../model/node.js';
import type { NodeControl } from './control.js';

/** Takes a snapshot of the node. @throws {ControlError} */
export async function readNodeState(control: NodeControl, timeoutSeconds?: number): Promise<NodeSnapshot> {
  const snapshot = await control.call<Told<NodeSnapshot>>('state', [], timeoutSeconds);
  return { ...snapshot, modules: await control.code.addTo(snapshot.modules) };
}

/** What a node tells of itself: it knows no digests. */
export type Told<T extends NodeSnapshot> = Omit<T, 'modules'> & {
  readonly modules: readonly Omit<LoadedModule, 'code'>[];
};
