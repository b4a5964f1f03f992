import { readFile } from 'node:fs/promises';
import { checkedMembers, type Manifest } from '../model/manifest.js';
import { ActionError } from '../shared/errors.js';

/**
 * Reads a manifest back.
 *
 * @throws {ActionError} when it is missing, damaged, or of a version this code does not know
 */
export async function readManifest(path: string): Promise<Manifest> {
  const remedy = 'Use the manifest that lies beside the packages in the artifact, unchanged.';
  let text: string;
  let version: unknown;
  try {
    // bytes that are no UTF-8 must not be mended on the way
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    version = (JSON.parse(text) as { manifestVersion?: unknown } | null)?.manifestVersion;
  } catch (error) {
    throw new ActionError(`The manifest ${path} cannot be read.`, { remedy, cause: error });
  }
  if (version === 1) {
    const members = checkedMembers(text);
    if (members !== undefined) return JSON.parse(members) as Manifest;
    throw new ActionError(`The manifest ${path} was changed or damaged after it was written.`, { remedy });
  }
  throw new ActionError(`The manifest ${path} was written by another version of relup-action.`, {
    remedy: 'Use the same version of relup-action to build and to deploy.',
  });
}
