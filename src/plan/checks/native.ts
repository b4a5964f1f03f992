import type { Finding } from '../../model/finding.js';
import type { Step } from './facts.js';
import { applicationPlace, type Places } from './module-places.js';
import { isSharedObject, privDigests } from './priv-digests.js';
import { allInstructions, restartsEmulator } from './steps.js';

/** What differs of an application's native code. */
interface NativeDifference {
  /** Modules that load a native library and differ. */
  readonly modules: readonly string[];
  /** Shared objects below `priv` that were changed, added or removed, relative to the application's folder. */
  readonly files: readonly string[];
}

/**
 * Native code cannot be exchanged as modules are: a library that has no upgrade callback does not load a second time, after
 * the point of no return, and one whose module did not change is not loaded anew at all (H34). An emulator restart is fine, and
 * where relup.config allows it, it is only told.
 */
export async function checkNativeCode(
  steps: readonly Step[],
  places: Places,
  allowed: (application: string) => boolean,
): Promise<Finding[]> {
  const found = await Promise.all(
    steps.map(async (step) => {
      const directions = (['up', 'down'] as const).filter(
        (direction) => !restartsEmulator(allInstructions(steps, step, direction)),
      );
      if (directions.length === 0) return [];
      const difference = { modules: nativeModules(step), files: await changedObjects(step) };
      return nativeFindings({
        step,
        difference,
        places,
        allowed: allowed(step.change.name),
      });
    }),
  );
  return found.flat();
}

/** Pure. */
function nativeFindings({
  step,
  difference,
  places,
  allowed,
}: {
  readonly step: Step;
  readonly difference: NativeDifference;
  readonly places: Places;
  readonly allowed: boolean;
}): Finding[] {
  const { modules, files } = difference;
  const parts = [
    ...(modules.length > 0 ? [`modules that load it: ${modules.join(', ')}`] : []),
    ...(files.length > 0 ? [`files: ${files.join(', ')}`] : []),
  ];
  if (parts.length === 0) return [];
  const { name, from, to } = step.change;
  return [
    {
      id: 'native-code-changed',
      severity: allowed ? 'warning' : 'error',
      application: name,
      message: `Native code of ${name} differs between ${from ?? ''} and ${to ?? ''} (${parts.join('; ')}), and a running emulator cannot be relied on to exchange it.`,
      remedy: allowed
        ? 'relup.config allows it; try it first on a node under its usual load.'
        : `Write restart_new_emulator in the appup of ${name}, in both directions, and set \`allow-restart: true\`; or, if its library has an upgrade callback, {${name}, [{native, allow}]} in relup.config; or ship the release without an upgrade from ${step.upFrom.version}.`,
      location: applicationPlace(places, name),
    },
  ];
}

function nativeModules(step: Step): string[] {
  return step.modules
    .filter(({ old, new: now }) => old !== null && now !== null && (old.native || now.native))
    .map(({ module }) => module)
    .filter((module) => step.change.modules.changed.includes(module));
}

async function changedObjects({ change, upFrom, release }: Step): Promise<string[]> {
  const before = await privDigests(upFrom, change.name, isSharedObject);
  const after = await privDigests(release, change.name, isSharedObject);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((file) => before.get(file) !== after.get(file))
    .sort();
}
