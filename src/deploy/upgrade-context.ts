import type { NodeContext } from '../node/node-context.js';
import type { DeploySession } from './session/deploy-session.js';

/** What the steps that change the node share. */
export interface UpgradeContext extends NodeContext {
  readonly session: DeploySession;
}
