import { TrustedRoot } from '@sigstore/protobuf-specs';
import { getTrustedRoot } from '@sigstore/tuf';
import { readFile } from 'node:fs/promises';
import { ActionError, BadInputError, errorMessage } from '../shared/errors.js';

/**
 * Whose signatures count: the certificates and logs of Sigstore's public instance, fetched by The Update Framework from the root
 * that this action brings; or those of a file, which needs no connection and may also name GitHub's own instance.
 *
 * @param file as `gh attestation trusted-root` writes it, one JSON object a line
 * @param cacheFolder a private folder
 * @throws {BadInputError} for a file that is none
 * @throws {ActionError} when they cannot be fetched
 */
export async function trustedRoots(file: string | undefined, cacheFolder: string): Promise<TrustedRoot[]> {
  return file === undefined ? [await fetchedRoot(cacheFolder)] : rootsInFile(file);
}

async function fetchedRoot(cachePath: string): Promise<TrustedRoot> {
  try {
    return await getTrustedRoot({ cachePath });
  } catch (cause) {
    throw new ActionError(`Sigstore's trusted root could not be fetched: ${errorMessage(cause)}.`, {
      remedy:
        'Let this runner reach tuf-repo-cdn.sigstore.dev, or set `attestation-trusted-root` to a file made by `gh attestation trusted-root`.',
      cause,
    });
  }
}

async function rootsInFile(file: string): Promise<TrustedRoot[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
    const roots = lines.map((line) => TrustedRoot.fromJSON(JSON.parse(line)));
    if (roots.some(({ certificateAuthorities }) => certificateAuthorities.length > 0)) return roots;
    throw new Error('it names no certificate authority');
  } catch (cause) {
    throw new BadInputError(
      `The file of \`attestation-trusted-root\`, ${file}, cannot be used: ${errorMessage(cause)}.`,
      { remedy: 'Make it with `gh attestation trusted-root`.', cause },
    );
  }
}
