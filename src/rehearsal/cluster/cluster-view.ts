import type { NodeControl } from '../../node/control.js';

/** A process, by its node and its id there. */
export interface ClusterProcess {
  readonly node: string;
  readonly pid: string;
}

/** What a node knows of its cluster (src/erlang/on_node/cluster.eval). */
export interface ClusterView {
  /** Nodes that it is connected to. */
  readonly nodes: readonly string[];
  /** Global names. */
  readonly names: readonly (ClusterProcess & { readonly name: string })[];
  /** Process groups (pg), of all scopes. */
  readonly groups: readonly ProcessGroup[];
  /** mnesia's running_db_nodes; null where it does not run. */
  readonly mnesia: readonly string[] | null;
}

export interface ProcessGroup {
  readonly scope: string;
  readonly group: string;
  readonly members: readonly ClusterProcess[];
}

/** @throws {ControlError} */
export function readCluster(control: NodeControl): Promise<ClusterView> {
  return control.call<ClusterView>('cluster');
}

/** `orders of scope pg` */
export function groupName({ scope, group }: ProcessGroup): string {
  return scope === 'pg' ? group : `${group} of scope ${scope}`;
}
