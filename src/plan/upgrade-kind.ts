import { RefusedError, type Location } from '../shared/errors.js';
import type { BuiltRelease } from '../model/release.js';
import type { ReleaseDifference } from '../model/release-difference.js';
import { versionPatch } from './version-patch.js';
import { runtimeChanges } from './relup.js';
import type { Relup } from '../model/relup.js';

/** Where the versions of applications stand. */
export interface VersionPlaces {
  /** Top folder of the new version's worktree. */
  readonly topDir: string;
  readonly locate: (application: string) => Location;
  /** Whether the project or its dependencies bring the application; OTP's are not the user's to raise. */
  readonly isOwn: (application: string) => boolean;
}

/**
 * Refuses code that changed under an unchanged application version (H14), of all applications at once: release_handler would
 * not load it, and the node would report the new release while it runs the old code.
 */
export function checkVersionsRaised(
  differences: readonly ReleaseDifference[],
  { topDir, locate, isOwn }: VersionPlaces,
): void {
  const unbumped = differences.flatMap(({ unbumped }) => unbumped).filter(({ name }) => isOwn(name));
  const named = [...new Map(unbumped.map((change) => [change.name, change])).values()];
  const [first] = named;
  if (first === undefined) return;
  const list = named.map(({ name, to, modules }) => {
    const all = [...modules.changed, ...modules.added, ...modules.removed];
    return `${name} ${to ?? ''} (${all.join(', ')})`;
  });
  const places = named.map(({ name, to = '' }) => ({ name, to, location: locate(name) }));
  const patches = places.flatMap(({ to, location }) => versionPatch(topDir, location, to) ?? []);
  const patch = patches.length === 0 ? '' : `\nTo paste into git apply:\n${patches.join('\n')}\n`;
  throw new RefusedError(`Code changed but the application version did not: ${list.join('; ')}.`, {
    remedy: `${waysToRaise(places)}; release_handler loads only applications whose version changed.${patch}`,
    location: locate(first.name),
  });
}

interface PlaceToRaise {
  readonly name: string;
  readonly to: string;
  readonly location: Location;
}

/** The version of a dependency stands in its own repository; the user's only says which revision is taken. */
function waysToRaise(places: readonly PlaceToRaise[]): string {
  const at = ({ file, line }: Location): string => `${file}${line === undefined ? '' : ` (line ${line})`}`;
  const isOwn = ({ location }: PlaceToRaise): boolean => location.file.endsWith('.app.src');
  const own = places.filter(isOwn).map(({ to, location }) => `{vsn, "${to}"} in ${at(location)}`);
  const dependencies = places
    .filter((place) => !isOwn(place))
    .map(
      ({ name, to, location }) =>
        `have ${at(location)} name a revision of the dependency ${name} whose ${name}.app.src no longer says "${to}", in a fork if need be`,
    );
  const ways = [...(own.length === 0 ? [] : [`raise ${own.join(', ')}`]), ...dependencies].join('; ');
  return ways.charAt(0).toUpperCase() + ways.slice(1);
}

/**
 * Whether a running node can take the upgrade at all: another ERTS, kernel, stdlib or sasl needs an emulator restart
 * (H11, H38, H96).
 *
 * @returns what differs, empty when nothing does
 * @throws {RefusedError} when something does and `allow-restart` is false
 */
export function checkRuntime(
  release: BuiltRelease,
  upFrom: readonly BuiltRelease[],
  allowRestart: boolean,
): readonly string[] {
  const changes = upFrom.flatMap((from) => {
    const differing = runtimeChanges(from, release);
    return differing.length === 0 ? [] : [`from ${from.version}: ${differing.join(', ')}`];
  });
  if (changes.length === 0 || allowRestart) return changes;
  throw new RefusedError(
    `The releases were built with different Erlang/OTP (${changes.join('; ')}), so the emulator must be restarted.`,
    {
      remedy:
        'Build with the OTP of the up-from release (`otp-version` in the erlef/setup-beam step, exact), or set `allow-restart: true` to ship a release that nodes are restarted to run.',
    },
  );
}

/** @throws {RefusedError} when the relup restarts the emulator and `allow-restart` is false (H38) */
export function checkRestart(relup: Relup, allowRestart: boolean): 'hot' | 'restart' {
  const scripts = [
    ...relup.up.map((script) => ({ ...script, to: `up from ${script.version}` })),
    ...relup.down.map((script) => ({ ...script, to: `down to ${script.version}` })),
  ].filter(({ restartsEmulator }) => restartsEmulator);
  if (scripts.length === 0) return 'hot';
  if (allowRestart) return 'restart';
  throw new RefusedError(
    `The relup restarts the emulator (${scripts.map(({ to }) => to).join(', ')}); that is not a hot upgrade.`,
    {
      remedy:
        'Remove restart_new_emulator and restart_emulator from the appups, or set `allow-restart: true`.',
    },
  );
}
