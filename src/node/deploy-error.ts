import { NodeRefusedError, type ActionErrorOptions } from '../shared/errors.js';
import type { Finding } from '../shared/findings.js';
import type { JournalEntry } from './journal-entry.js';

/** In which state a deploy left the node; output `node-state`. */
export type NodeState =
  | 'untouched'
  | 'unpacked'
  | 'environment-changed'
  | 'installed-not-permanent'
  | 'upgraded'
  | 'downgraded'
  | 'rebooted-into-old'
  | 'unknown';

/** What a deploy found and did, for the report. */
export interface DeployRecord {
  readonly findings: readonly Finding[];
  readonly journal: readonly JournalEntry[];
}

/** A deploy that did not reach its end; the message says in which state the node is. */
export class DeployError extends NodeRefusedError {
  /** Set when the deploy ends. */
  record: DeployRecord | undefined;

  constructor(
    message: string,
    readonly nodeState: NodeState,
    options: ActionErrorOptions = {},
  ) {
    super(message, options);
  }
}
