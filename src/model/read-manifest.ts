import { ActionError } from '../shared/errors.js';
import { checkedMembers, type Manifest } from './manifest.js';

const REMEDY = 'Use the manifest that lies beside the packages in the artifact, unchanged.';

/** It may be a good one, for another version of this action. */
export class OtherManifestError extends ActionError {}

/**
 * The bytes of a manifest → what it says. Pure.
 *
 * @param path how errors name it
 * @throws {ActionError} when it is damaged, or of a version this code does not know
 */
export function parseManifest(bytes: Uint8Array, path: string): Manifest {
  let text: string;
  let version: unknown;
  try {
    // bytes that are no UTF-8 must not be mended on the way
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    version = (JSON.parse(text) as { manifestVersion?: unknown } | null)?.manifestVersion;
  } catch (error) {
    throw unreadable(path, error);
  }
  if (version === 1) {
    const members = checkedMembers(text);
    if (members !== undefined) return JSON.parse(members) as Manifest;
    throw new ActionError(`The manifest ${path} was changed or damaged after it was written.`, {
      remedy: REMEDY,
    });
  }
  throw new OtherManifestError(`The manifest ${path} was written by another version of relup-action.`, {
    remedy: 'Use the same version of relup-action to build and to deploy.',
  });
}

/** What is thrown for one that cannot be read at all. */
export function unreadable(path: string, cause: unknown): ActionError {
  return new ActionError(`The manifest ${path} cannot be read.`, { remedy: REMEDY, cause });
}
