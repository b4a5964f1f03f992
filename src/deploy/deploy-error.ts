import { NodeRefusedError, type ActionErrorOptions } from '../shared/errors.js';
import type { DeployRecord, NodeState } from '../model/deploy.js';

/** A deploy that did not reach its end; the message says in which state the node is. */
export class DeployError extends NodeRefusedError {
  /** Set when the deploy ends. */
  record: DeployRecord | undefined;
  /** It is the user's `after` itself that failed. */
  isAfter = false;

  constructor(
    message: string,
    readonly nodeState: NodeState,
    options: ActionErrorOptions = {},
  ) {
    super(message, options);
  }
}
