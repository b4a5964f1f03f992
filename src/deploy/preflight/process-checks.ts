import { NodeRefusedError } from '../../shared/errors.js';
import type { Finding } from '../../model/finding.js';
import type { NodeSnapshot } from '../../model/node.js';
import { changedModules, oldCodeText, readOldCode, type OldCode } from '../health/old-code.js';
import { scriptEffects } from '../health/suspensions.js';
import { DYNAMIC_REMEDY, readProcessTrees, stuckText } from '../health/process-trees.js';
import type { NodeContext } from '../../node/node-context.js';

/** release_handler walks the supervision trees, and fails half-way where one does not answer (H76). @throws {NodeRefusedError} */
export async function checkTrees({ control }: NodeContext): Promise<void> {
  const { stuck } = await readProcessTrees(control);
  if (stuck.length === 0) return;
  const list = stuck.map((one) => `${one.application} (${stuckText(one)})`);
  const named = stuck.every(({ what }) => what === 'no_modules');
  throw new NodeRefusedError(`release_handler could not walk the supervision trees of ${list.join(', ')}.`, {
    remedy: named
      ? DYNAMIC_REMEDY
      : 'Look at these processes (sys:get_status/1, sys:resume/1), or restart the application.',
  });
}

/**
 * Processes that still run old code of modules that the upgrade loads: they refuse it where the relup purges softly (H75).
 *
 * @returns a finding when the upgrade ends such processes
 * @throws {NodeRefusedError}
 */
export async function checkOldCode(
  context: NodeContext,
  snapshot: NodeSnapshot,
  runs: string,
): Promise<Finding[]> {
  const found = await readOldCode(context, changedModules(snapshot, context.manifest));
  if (found.length === 0) return [];
  const { purgesSoftly } = await scriptEffects(context, runs);
  const refusing = found.filter(({ module }) => purgesSoftly.includes(module));
  if (refusing.length > 0) throw oldProcesses(refusing);
  return [
    {
      id: 'lingering-processes',
      severity: 'warning',
      message: `The installation ends processes that still run code of an earlier release: ${oldCodeText(found)}.`,
      remedy: 'Let them end by themselves before deploying, if what they do matters.',
    },
  ];
}

function oldProcesses(found: readonly OldCode[]): NodeRefusedError {
  return new NodeRefusedError(
    `release_handler would refuse the upgrade, because old code is still in use by ${oldCodeText(found)}.`,
    {
      remedy: 'Wait until they are done, or make the appup purge them (purge: brutal).',
      details: found
        .flatMap(({ module, processes }) => processes.map((one) => `${module}: ${one}`))
        .join('\n'),
    },
  );
}
