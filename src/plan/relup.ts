import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuiltRelease } from '../model/release.js';
import type { Relup } from '../model/relup.js';
import type { Erlang } from '../programs/erlang.js';
import { ErlangError } from '../programs/erlang-answer.js';
import { RefusedError } from '../shared/errors.js';
import { type RelupFailure, relupRefusal, type RelupSubject } from './relup-failure.js';

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
