import { RefusedError, type Location } from '../shared/errors.js';
import type { BuiltRelease } from '../shared/release.js';
import type { ReleaseDifference } from '../shared/release-difference.js';
import { runtimeChanges, type Relup } from './relup.js';

/**
 * Refuses code that changed under an unchanged application version (H14): release_handler would not load it, and the node
 * would report the new release while it runs the old code.
 */
export function checkVersionsRaised(
  differences: readonly ReleaseDifference[],
  locate: (application: string) => Location,
): void {
  const unbumped = differences.flatMap(({ unbumped }) => unbumped);
  const [first] = unbumped;
  if (first === undefined) return;
  const named = [...new Map(unbumped.map((change) => [change.name, change])).values()];
  const list = named.map(({ name, to, modules }) => {
    const all = [...modules.changed, ...modules.added, ...modules.removed];
    return `${name} ${to ?? ''} (${all.join(', ')})`;
  });
  const location = locate(first.name);
  throw new RefusedError(`Code changed but the application version did not: ${list.join('; ')}.`, {
    remedy: `Raise {vsn, "${first.to ?? ''}"} in ${location.file}${location.line === undefined ? '' : ` (line ${location.line})`}; release_handler loads only applications whose version changed.`,
    location,
  });
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
        'Build with the OTP of the up-from release (`otp-version` in the erlef/setup-beam step, exact), or set `allow-restart: true` to ship a release that is restarted into.',
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
    `The relup restarts the emulator (${scripts.map(({ to }) => to).join(', ')}); that is no hot upgrade.`,
    {
      remedy:
        'Remove restart_new_emulator and restart_emulator from the appups, or set `allow-restart: true`.',
    },
  );
}
