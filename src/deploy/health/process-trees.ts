import type { NodeControl } from '../../node/control.js';

/** All supervised processes of a node, by their place in the supervision trees. */
export interface ProcessTrees {
  /** What would make release_handler fail when it walks the trees (H76). */
  readonly stuck: readonly StuckProcess[];
  /** Place, as `application / id / id`, → process. Children of simple_one_for_one supervisors have no place of their own. */
  readonly children: Readonly<Record<string, string>>;
  /** How many of those there are. */
  readonly dynamic: number;
}

export interface StuckProcess {
  readonly application: string;
  /** Its place. */
  readonly process: string;
  /** It does not answer, is suspended, or its specification says `modules => dynamic` although it is no gen_event. */
  readonly what: 'silent' | 'suspended' | 'no_modules';
}

const STUCK: Readonly<Record<StuckProcess['what'], string>> = {
  silent: 'does not answer',
  suspended: 'is suspended',
  no_modules: 'says modules => dynamic, which only a gen_event may',
};

/** What helps where a child specification says `modules => dynamic` wrongly. */
export const DYNAMIC_REMEDY =
  'Name the callback modules in the child specification (modules => [one, another]). What runs keeps its specification until it is started anew: restart the node once, or the application.';

/** `shop_sup / cart does not answer`. Pure. */
export function stuckText({ process, what }: StuckProcess): string {
  return `${process} ${STUCK[what]}`;
}

/** How long (ms) each process may take; release_handler itself waits 5 seconds for most, for ever for some. */
const LIMIT = 2000;

/** Walks the supervision trees of all applications that run. @throws {ControlError} */
export function readProcessTrees(control: NodeControl): Promise<ProcessTrees> {
  return control.call<ProcessTrees>('trees', [String(LIMIT)], 300);
}

/** Places whose process is another one than before: it was restarted. Sorted. Pure. */
export function restartedChildren(before: ProcessTrees, after: ProcessTrees): string[] {
  return Object.entries(before.children)
    .filter(([place, process]) => (after.children[place] ?? process) !== process)
    .map(([place]) => place)
    .sort();
}
