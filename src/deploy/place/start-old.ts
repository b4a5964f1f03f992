import type { DeployManifest } from '../../model/deploy-input.js';
import { ActionError } from '../../shared/errors.js';
import { proveHealth, stageOf } from '../health/health.js';
import { correctDeployed } from '../note-deployed.js';
import { cameUp, type UpNode, wrongWith } from './came-up.js';
import type { PlaceContext } from './place-context.js';
import { factsOf, type Placing } from './placing.js';
import { startEnvironment } from './start-environment.js';
import { startNode, startedByOthers } from './start-node.js';
import { emulatorsOf } from './stop-node.js';
import { unended } from '../../shared/unended.js';

/** What became of the release that ran before. */
export interface OldAgain {
  /** Why it does not run. */
  readonly failure?: ActionError;
  /** What is to be said of its health; a sentence. */
  readonly sick?: string;
}

/** Starts what ran before, as the new release was started, and proves by code that it runs. */
export async function startOld(placing: Placing, old: DeployManifest): Promise<OldAgain> {
  const { place, attempt } = placing;
  const { session, plan } = place;
  let started = startedByOthers;
  try {
    let up = await stillUp(place, old);
    if (up === undefined) {
      if (session.journal.last?.step !== 'start-old') await session.note({ step: 'start-old' });
      const environment = await startEnvironment(place);
      started = await startNode(place, factsOf(placing), { environment, mayBeManaged: true });
      up = await cameUp(place, old, started);
    }
    const { context } = up;
    try {
      const failure = await proveHealth({
        context,
        input: { ...plan.health, soak: 0, timeout: 20 },
        stage: stageOf({ ...context, manifest: place.manifest }, 'after-downgrade', attempt.from),
        verify: (now) => wrongWith(now, old),
      }).catch(asError);
      await correctDeployed({ ...context, session }, attempt.from);
      return failure === undefined ? {} : { sick: `It is not healthy either: ${unended(failure.message)}.` };
    } finally {
      context.control.close();
    }
  } catch (error) {
    return { failure: asError(error) };
  } finally {
    await started.close();
  }
}

/** The node that runs; undefined when none does, or when it ends meanwhile: it may have been told to stop before. */
async function stillUp(place: PlaceContext, old: DeployManifest): Promise<UpNode | undefined> {
  if ((await emulatorsOf(place)).length === 0) return undefined;
  try {
    return await cameUp(place, old, startedByOthers);
  } catch (error) {
    if (!(error instanceof ActionError) || (await emulatorsOf(place)).length > 0) throw error;
    return undefined;
  }
}

function asError(error: unknown): ActionError {
  if (!(error instanceof ActionError)) throw error;
  return error;
}
