import type { NodeSummary } from '../model/deploy.js';
import type { NodeSnapshot } from '../model/node.js';

/** A node as the report needs it. */
export function summary({ node, osPid, startedAt, releases }: NodeSnapshot): NodeSummary {
  return { node, osPid, startedAt, releases: releases ?? [] };
}
