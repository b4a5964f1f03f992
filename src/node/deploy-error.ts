import { NodeRefusedError, type ActionErrorOptions } from '../shared/errors.js';

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

/** A deploy that did not reach its end; the message says in which state the node is. */
export class DeployError extends NodeRefusedError {
  constructor(
    message: string,
    readonly nodeState: NodeState,
    options: ActionErrorOptions = {},
  ) {
    super(message, options);
  }
}
