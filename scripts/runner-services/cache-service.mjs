// github.actions.results.api.v1.CacheService (version 2). Scopes are left out: there is one branch.
import { randomUUID } from 'node:crypto';
import { TwirpError } from './http.mjs';

/**
 * @typedef {{ id: number, key: string, version: string, blob: string, finalized: boolean, size: number }} CacheEntry
 */

const KEY_LIMIT = 512;

export class CacheService {
  /** @param {import('./blob-service.mjs').BlobService} blobs */
  constructor(blobs) {
    this.blobs = blobs;
    /** @type {CacheEntry[]} */
    this.entries = [];
    this.lastId = 0;
  }

  /**
   * A key is reserved by its creation and never written again.
   * @param {any} request
   */
  CreateCacheEntry({ key, version }) {
    if (!isKey(key) || typeof version !== 'string' || version === '') {
      throw new TwirpError('invalid_argument', 'the key or the version is invalid');
    }
    if (this.find(key, version) !== undefined) {
      throw new TwirpError(
        'already_exists',
        'cache entry with the same key, version, and scope already exists',
      );
    }
    const blob = `actions-cache/${randomUUID()}`;
    this.lastId += 1;
    this.entries.push({ id: this.lastId, key, version, blob, finalized: false, size: 0 });
    return { ok: true, signed_upload_url: this.blobs.signedUrl(blob, 'w'), message: '' };
  }

  /** @param {any} request */
  FinalizeCacheEntryUpload({ key, version, size_bytes: size }) {
    const entry = this.find(key, version);
    if (entry === undefined || entry.finalized) {
      throw new TwirpError('not_found', 'there is no reserved cache entry with this key and version');
    }
    const stored = this.blobs.store.properties(entry.blob);
    if (stored?.size !== Number(size)) {
      throw new TwirpError('invalid_argument', `the upload has ${stored?.size ?? 0} bytes, not ${size}`);
    }
    Object.assign(entry, { finalized: true, size: stored.size });
    return { ok: true, entry_id: String(entry.id), message: '' };
  }

  /**
   * Each key in turn: the entry of exactly that key, else the newest whose key begins with it.
   * @param {any} request
   */
  GetCacheEntryDownloadURL({ key, restore_keys: restoreKeys, version }) {
    const candidates = this.entries.filter((entry) => entry.finalized && entry.version === version);
    for (const wanted of [key, ...(restoreKeys ?? [])]) {
      const entry =
        candidates.find((candidate) => candidate.key === wanted) ??
        candidates.findLast((candidate) => candidate.key.startsWith(wanted));
      if (entry !== undefined) {
        const url = this.blobs.signedUrl(entry.blob, 'r');
        return { ok: true, signed_download_url: url, matched_key: entry.key };
      }
    }
    return { ok: false, signed_download_url: '', matched_key: '' };
  }

  /**
   * @param {string} key
   * @param {string} version
   */
  find(key, version) {
    return this.entries.find((entry) => entry.key === key && entry.version === version);
  }
}

/** @param {unknown} key */
function isKey(key) {
  return typeof key === 'string' && key !== '' && key.length <= KEY_LIMIT && !key.includes(',');
}
