import { join } from 'node:path';
import { RefusedError, type Location } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import type { ApplicationChange, ModuleChanges, ReleaseDifference } from '../model/release-difference.js';
import type { ChosenAppup } from '../model/appup.js';
import type { Relup, RelupScript } from '../model/relup.js';

/** Modules of one application that a script leaves as they are although their code differs. */
interface Gap {
  readonly application: string;
  /** `up from 1.0.0` or `down to 1.0.0`, release versions. */
  readonly step: string;
  readonly modules: readonly string[];
}

/**
 * Whoever wrote the appups: the finished relup must load every module whose code differs, in both directions (H21, H31,
 * H33). What differs is told by module MD5, independently of any appup.
 *
 * @returns warnings for modules that stay loaded although the release no longer has them
 * @throws {RefusedError} naming all modules that would silently keep their old code
 */
export function checkCoverage({
  relup,
  differences,
  appups,
  projectPath,
}: {
  readonly relup: Relup;
  readonly differences: readonly ReleaseDifference[];
  readonly appups: readonly ChosenAppup[];
  readonly projectPath: string;
}): Finding[] {
  const steps = differences.flatMap((difference) => stepsOf(relup, difference));
  const gaps = steps.flatMap((step) => notLoaded(step));
  const [first] = gaps;
  if (first !== undefined) {
    const location = locate(first.application, appups, projectPath);
    throw refusal(gaps, { location, copied: copied(gaps, appups) });
  }
  return steps.flatMap((step) => notRemoved(step)).map((gap) => leftover(gap, appups, projectPath));
}

interface Step {
  readonly name: string;
  readonly script: RelupScript;
  readonly changes: readonly ApplicationChange[];
}

function stepsOf(relup: Relup, difference: ReleaseDifference): Step[] {
  const { version } = difference.upFrom;
  const changes = [...difference.changed, ...difference.added, ...difference.removed];
  const up = relup.up.find((script) => script.version === version);
  const down = relup.down.find((script) => script.version === version);
  return [
    ...(up === undefined ? [] : [{ name: `up from ${version}`, script: up, changes }]),
    ...(down === undefined
      ? []
      : [{ name: `down to ${version}`, script: down, changes: changes.map(reversed) }]),
    // A restarted emulator boots the release as a whole.
  ].filter(({ script }) => !script.restartsEmulator);
}

function reversed(change: ApplicationChange): ApplicationChange {
  const { added, changed, removed } = change.modules;
  return { ...change, modules: { added: removed, changed, removed: added } };
}

function notLoaded({ name, script, changes }: Step): Gap[] {
  const loads = new Set(script.loads);
  return gaps(name, changes, ({ changed, added }) =>
    [...changed, ...added].filter((module) => !loads.has(module)),
  );
}

/** A module that moved to another application is loaded from there. */
function notRemoved({ name, script, changes }: Step): Gap[] {
  const handled = new Set([...script.removes, ...script.loads]);
  return gaps(name, changes, ({ removed }) => removed.filter((module) => !handled.has(module)));
}

function gaps(
  step: string,
  changes: readonly ApplicationChange[],
  missing: (modules: ModuleChanges) => string[],
): Gap[] {
  return changes
    .map(({ name, modules }) => ({ application: name, step, modules: missing(modules) }))
    .filter(({ modules }) => modules.length > 0);
}

function refusal(
  found: readonly Gap[],
  { location, copied }: { readonly location: Location | undefined; readonly copied: string },
): RefusedError {
  const list = found.map(
    ({ application, step, modules }) => `${application}, ${step}: ${modules.join(', ')}`,
  );
  const instructions = [...new Set(found.flatMap(({ modules }) => modules))].map(
    (name) => `{load_module, ${name}}`,
  );
  return new RefusedError(`The relup does not load all code that differs (${list.join('; ')}).`, {
    remedy: `Add an instruction for each module to the appup, in the direction named; the simplest are ${instructions.join(', ')}, {add_module, Module} where the module is new, and {update, Module, {advanced, []}} where it is a process whose state code_change converts.${copied}`,
    location,
  });
}

function leftover(gap: Gap, appups: readonly ChosenAppup[], projectPath: string): Finding {
  const { application, step, modules } = gap;
  const location = locate(application, appups, projectPath);
  return {
    id: 'module-not-removed',
    severity: 'warning',
    application,
    message: `The relup does not remove modules of ${application} that the release no longer has (${step}: ${modules.join(', ')}), so they stay loaded.`,
    remedy: `Add ${modules.map((name) => `{delete_module, ${name}}`).join(', ')} to its appup.${copied([gap], appups)}`,
    ...(location === undefined ? {} : { location }),
  };
}

/** What a library brings itself is not changed where it lies. */
function copied(gaps: readonly Gap[], appups: readonly ChosenAppup[]): string {
  const names = new Set(gaps.map(({ application }) => application));
  const shipped = appups.filter(({ application, origin }) => origin === 'shipped' && names.has(application));
  return shipped
    .map(
      ({ application, file }) =>
        ` That of ${application} is its own (${file}): copy it to appups/${application}.appup.src, which takes its place, and add it there.`,
    )
    .join('');
}

/** Only a hand-written appup is a file of the user's that an annotation can point at. */
function locate(
  application: string,
  appups: readonly ChosenAppup[],
  projectPath: string,
): Location | undefined {
  const appup = appups.find((one) => one.application === application && one.origin === 'hand-written');
  return appup === undefined ? undefined : { file: join(projectPath, appup.file) };
}
