import type { Erlang } from '../programs/erlang.js';
import { ErlangError } from '../programs/erlang.js';
import { RefusedError } from '../shared/errors.js';
import type { BuiltRelease } from '../shared/release.js';
import { relupRefusal, type RelupFailure, type RelupSubject } from './relup-failure.js';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One script of a relup: the instructions that take a node from or to one other release version. */
export interface RelupScript {
  /** Release version upgraded from, or downgraded to. */
  readonly version: string;
  /** Instructions as Erlang text, in the order release_handler carries them out. */
  readonly instructions: readonly string[];
  /** Modules whose code it loads, and modules that it removes. */
  readonly loads: readonly string[];
  readonly removes: readonly string[];
  /** Whether it holds `restart_new_emulator` or `restart_emulator` (H38). */
  readonly restartsEmulator: boolean;
}

/** How a release starts an application: permanent, transient, temporary, load or none. */
export interface StartTypeChange {
  readonly application: string;
  /** Release version that is upgraded from. */
  readonly upFrom: string;
  readonly before: string;
  readonly now: string;
}

export interface ExposedCall {
  readonly upFrom: string;
  readonly direction: 'up' | 'down';
  /** `util:next/1`, of this application. */
  readonly function: string;
  readonly application: string;
  /** The modules between whose exchanges the call fails. */
  readonly exchanged: readonly string[];
  /** Whose processes may get to it. */
  readonly modules: readonly string[];
}

export interface Relup {
  /** Absolute path of the file. */
  readonly file: string;
  readonly up: readonly RelupScript[];
  readonly down: readonly RelupScript[];
  /** What systools warned of. */
  readonly warnings: readonly string[];
  /** Start phases that applications have from now on. */
  readonly startPhases: readonly { readonly application: string; readonly phases: readonly string[] }[];
  /** Applications of both releases that are started in another way than before. */
  readonly startTypes: readonly StartTypeChange[];
  /** Application → others with processes that need it. */
  readonly dependents: Readonly<Record<string, readonly string[]>>;
  /** Modules, but OTP's, that ask for the path of sys.config. */
  readonly configReaders: readonly { readonly application: string; readonly module: string }[];
  /** Calls that fail between two loads, and that processes which do not wait may get to. */
  readonly exposed: readonly ExposedCall[];
}

/**
 * What differs of the emulator and the applications that no running node can exchange (H11, H96): ERTS, kernel, stdlib and
 * sasl, e.g. `erts 15.2.6 → 15.2.7`.
 */
export function runtimeChanges(upFrom: BuiltRelease, to: BuiltRelease): string[] {
  const changes = upFrom.erts === to.erts ? [] : [`erts ${upFrom.erts} → ${to.erts}`];
  for (const name of ['kernel', 'stdlib', 'sasl']) {
    const [before, after] = [upFrom, to].map(
      (release) => release.applications.find((application) => application.name === name)?.version,
    );
    if (before !== after) changes.push(`${name} ${before ?? 'none'} → ${after ?? 'none'}`);
  }
  return changes;
}

/**
 * Makes `releases/<version>/relup` for all up-from releases at once, up and down (H36), by systools over the releases' own
 * trees, and reads it back: it must hold exactly the intended versions (H39).
 *
 * @param tree the new release's tree, whose `ebin` folders hold the chosen appups
 * @throws {RefusedError} with systools' reason in words (H41)
 */
export async function makeRelup(erlang: Erlang, tree: string, subject: RelupSubject): Promise<Relup> {
  const { release, upFrom } = subject;
  const outFolder = join(tree, 'releases', release.version);
  await mkdir(outFolder, { recursive: true });
  const rels = upFrom.map((from) => relFile(from.root, from));
  try {
    const relup = await erlang.query<
      (Relup & { version: string }) | { readonly failures: readonly RelupFailure[] }
    >('relup', [outFolder, relFile(tree, release), ...rels]);
    if ('failures' in relup) throw relupRefusal(subject, relup.failures);
    checkVersions(relup, release, upFrom);
    await chmod(relup.file, 0o644);
    return relup;
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new RefusedError(
      `No relup can be made for ${release.name} ${release.version}: ${error.message.trim()}`,
      {
        remedy: 'Correct the appup; docs/appups.md shows what each instruction needs.',
        details: error.details,
        cause: error,
      },
    );
  }
}

function relFile(root: string, release: BuiltRelease): string {
  return join(root, 'releases', release.version, `${release.name}.rel`);
}

function checkVersions(
  relup: Relup & { version: string },
  release: BuiltRelease,
  upFrom: readonly BuiltRelease[],
): void {
  const intended = upFrom.map(({ version }) => version).sort();
  for (const [direction, scripts] of [
    ['up', relup.up],
    ['down', relup.down],
  ] as const) {
    const found = scripts.map(({ version }) => version).sort();
    if (relup.version === release.version && found.join() === intended.join()) continue;
    throw new RefusedError(
      `The relup for ${relup.version} holds the ${direction} versions ${found.join(', ')} instead of ${intended.join(', ')}.`,
      {
        remedy:
          'Check that the releases built are the ones you tagged; versions must not be made up at build time.',
      },
    );
  }
}
