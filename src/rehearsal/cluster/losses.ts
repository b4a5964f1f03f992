import type { Shared } from '../../model/rehearsal.js';
import { groupName, type ClusterProcess, type ClusterView, type ProcessGroup } from './cluster-view.js';

/** Something that nodes had in common before one of them was upgraded, and have no more, or otherwise. */
export interface Loss {
  readonly kind: 'connection' | 'name-gone' | 'name-moved' | 'members-gone' | 'mnesia';
  /** A node, a name or a group. */
  readonly subject: string;
  /** The node that it was on, or that it is missed on. */
  readonly node: string;
}

/** How one node sees the cluster, before and after. */
export interface Look {
  /** The node that looks. */
  readonly node: string;
  readonly before: ClusterView;
  readonly after: ClusterView;
}

/** What was lost, as either node sees it; the same loss is told once. Pure. */
export function lossesIn(looks: readonly Look[]): Loss[] {
  const all = looks.flatMap((look) => [
    ...connections(look),
    ...names(look),
    ...groups(look),
    ...databases(look),
  ]);
  return [...new Map(all.map((loss) => [keyOf(loss), loss])).values()];
}

/** The same for the same loss between other nodes. */
export function keyOf({ kind, subject }: Loss): string {
  return kind === 'connection' || kind === 'mnesia' ? kind : `${kind} ${subject}`;
}

function connections({ node, before, after }: Look): Loss[] {
  return before.nodes
    .filter((other) => !after.nodes.includes(other))
    .map((subject) => ({ kind: 'connection', subject, node }));
}

function names({ before, after }: Look): Loss[] {
  return before.names.flatMap((was): Loss[] => {
    const is = after.names.find(({ name }) => name === was.name);
    if (is === undefined) return [{ kind: 'name-gone', subject: was.name, node: was.node }];
    return same(is, was) ? [] : [{ kind: 'name-moved', subject: was.name, node: was.node }];
  });
}

/** Members that were replaced are no loss: who sends to a group does not know them. */
function groups({ before, after }: Look): Loss[] {
  return before.groups.flatMap((was) => {
    const is = after.groups.find(({ scope, group }) => scope === was.scope && group === was.group);
    const nodes = [...new Set(was.members.map(({ node }) => node))];
    return nodes
      .filter((node) => countOn(is, node) < countOn(was, node))
      .map((node): Loss => ({ kind: 'members-gone', subject: groupName(was), node }));
  });
}

function countOn(group: ProcessGroup | undefined, node: string): number {
  return group?.members.filter((member) => member.node === node).length ?? 0;
}

function databases({ node, before, after }: Look): Loss[] {
  return (before.mnesia ?? [])
    .filter((one) => after.mnesia?.includes(one) !== true)
    .map((subject) => ({ kind: 'mnesia', subject, node }));
}

function same(one: ClusterProcess, other: ClusterProcess): boolean {
  return one.node === other.node && one.pid === other.pid;
}

/** What there was of each kind, and what of it was lost; kinds of which there was nothing are left out. Pure. */
export function sharedOf({ before }: Look, losses: readonly Loss[]): Shared[] {
  const lost = (...kinds: readonly Loss['kind'][]): string[] =>
    losses.filter(({ kind }) => kinds.includes(kind)).map(({ subject }) => subject);
  const all: Shared[] = [
    { kind: 'connection', before: before.nodes.length, lost: lost('connection') },
    { kind: 'global name', before: before.names.length, lost: lost('name-gone', 'name-moved') },
    { kind: 'process group', before: before.groups.length, lost: lost('members-gone') },
    { kind: 'mnesia node', before: before.mnesia?.length ?? 0, lost: lost('mnesia') },
  ];
  return all.filter((one) => one.before > 0);
}
