import type { StepName } from '../../model/rehearsal.js';
import type { Found } from '../rehearsal-options.js';
import type { Loss } from './losses.js';

/** What was found between two nodes; `key` is the same for the same thing between other nodes. */
export interface ClusterFinding {
  readonly key: string;
  readonly finding: Found;
}

/** Node names in a text become `the up-from node (1.0.0)`. */
export type NameNode = (text: string) => string;

/** Processes that crashed on one of the nodes. Pure. */
export function crashFinding({
  step,
  crash,
  where,
  while: when,
  details,
}: {
  readonly step: StepName;
  readonly crash: string;
  readonly where: string;
  readonly while: string;
  readonly details: string;
}): ClusterFinding {
  return {
    key: `crash ${crash}`,
    finding: {
      id: 'rehearsal-cluster-crash',
      severity: 'error',
      step,
      check: 'processes',
      message: `A process crashed on ${where} while ${when}: ${crash}.`,
      remedy:
        'Most often it got a message of the other version that it does not know: have the release before understand it first, or the new one answer in the old form for one release (docs/clusters.md). The log of the node is in the details.',
      details,
    },
  };
}

/** mnesia's own word for a database that came apart. Pure. */
export function inconsistentFinding(step: StepName, where: string, line: string): ClusterFinding {
  return {
    key: 'inconsistent',
    finding: {
      id: 'rehearsal-cluster-mnesia',
      severity: 'error',
      step,
      check: 'cluster',
      message: `mnesia on ${where} tells of an inconsistent database after the upgrade of one node.`,
      remedy:
        'The nodes lost each other while both wrote: see in their logs what stopped one of them, or its mnesia, and do not stop mnesia in an upgrade.',
      details: line,
    },
  };
}

/** A loss in words. Pure. */
export function lossFinding(
  step: StepName,
  loss: Loss,
  { key, name }: { key: string; name: NameNode },
): ClusterFinding {
  return { key, finding: { step, check: 'cluster', ...told(loss, name) } };
}

function told(
  { kind, subject, node }: Loss,
  name: NameNode,
): Pick<Found, 'id' | 'severity' | 'message' | 'remedy'> {
  switch (kind) {
    case 'connection':
      return {
        id: 'rehearsal-cluster-disconnected',
        severity: 'error',
        message: `After the upgrade of one node ${name(node)} is not connected to ${name(subject)} any more.`,
        remedy:
          "See in the nodes' logs what ended the connection: an upgrade must not restart what holds it.",
      };
    case 'name-gone':
      return {
        id: 'rehearsal-cluster-name',
        severity: 'error',
        message: `The global name ${name(subject)}, which a process on ${name(node)} had, is gone after the upgrade of one node: who calls it finds nobody.`,
        remedy:
          'Register it where the process begins ({global, Name} in start_link, or in init/1), so that a process that is started again has it, too; or let the process live on, by {update, Module, {advanced, []}} in the appup.',
      };
    case 'name-moved':
      return {
        id: 'rehearsal-cluster-name-moved',
        severity: 'warning',
        message: `The global name ${name(subject)} belongs to another process after the upgrade of one node than before, when it was on ${name(node)}: the state of that one is lost, and others may keep its pid.`,
        remedy:
          'If that matters, let the process live on, by {update, Module, {advanced, []}} in the appup; call it by its name, never by a pid that was kept.',
      };
    case 'members-gone':
      return {
        id: 'rehearsal-cluster-group',
        severity: 'error',
        message: `The process group ${name(subject)} has fewer members on ${name(node)} after the upgrade of one node than before.`,
        remedy:
          'Join it where the process begins (init/1): pg knows a process that was started again only when it joins again, and forgets all members of a scope when the process of that scope is restarted.',
      };
    case 'mnesia':
      return {
        id: 'rehearsal-cluster-mnesia',
        severity: 'error',
        message: `After the upgrade of one node mnesia on ${name(node)} does not run together with ${name(subject)} any more.`,
        remedy:
          'See in the logs what stopped mnesia: an upgrade must not stop it, or an application that starts it.',
      };
  }
}
