import type { NodeSnapshot } from '../../model/node.js';
import { readNodeState } from '../../node/node-state.js';
import { noteDeployed } from '../note-deployed.js';
import { keepManifest } from '../versions/kept-manifests.js';
import { removeOldReleases } from '../old-releases.js';
import { withNode } from './place-context.js';
import { doneState, type Placing } from './placing.js';

/** What is left to do once the new release runs for good. */
export async function finishPlaced({ place, attempt }: Placing): Promise<NodeSnapshot> {
  const { session, manifest, plan } = place;
  return withNode(place, manifest, async (context) => {
    await noteDeployed({ ...context, session }, manifest.version);
    const snapshot = await readNodeState(context.control);
    if (snapshot.releases !== null && attempt.goesBack !== true && attempt.way === 'restart') {
      await plan.phase('Deploy: old releases', () =>
        removeOldReleases({ ...context, session }, plan.keepReleases),
      );
    }
    if (attempt.goesBack !== true) await keepManifest(session, place.deployRoot, manifest);
    await session.end(doneState(attempt));
    return readNodeState(context.control).catch(() => snapshot);
  });
}
