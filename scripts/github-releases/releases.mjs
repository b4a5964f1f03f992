import { createHash, randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from './api-error.mjs';

/**
 * @typedef {object} Release
 * @property {number} id
 * @property {string} tag
 * @property {string} name
 * @property {string} body
 * @property {boolean} draft
 * @property {boolean} prerelease
 * @property {string} commitish
 * @property {string | undefined} makeLatest
 */

/**
 * @typedef {object} Asset
 * @property {number} id
 * @property {number} releaseId
 * @property {string} name
 * @property {'starter' | 'uploaded'} state
 * @property {number} size
 * @property {string | null} digest `sha256:` and lower-case hex
 */

/** Everything that the three hosts know. */
export class Releases {
  /** @param {{ dir: string, repository: string, tokens: { write: string, read: string } }} options */
  constructor({ dir, repository, tokens }) {
    this.dir = dir;
    this.repository = repository;
    this.tokens = tokens;
    /** @type {import('./index.mjs').Origins} */
    this.origins = { api: '', uploads: '', storage: '' };
    /** Tag → commit, as in the repository. @type {Map<string, string>} */
    this.tags = new Map();
    /** @type {Release[]} */
    this.all = [];
    /** @type {Asset[]} */
    this.assets = [];
    /** What was signed for which files. @type {{ bundle: unknown, digests: string[] }[]} */
    this.attestations = [];
    /** Whether the storage got an Authorization header, which it would refuse. */
    this.storageSawToken = false;
    this.cutting = false;
    this.nextId = randomInt(1000, 2 ** 31);
  }

  /** Answers to downloads break off in the middle, once. */
  cutNext() {
    this.cutting = true;
  }

  /** @param {Partial<Release> & { tag: string }} values */
  add(values) {
    const { tag } = values;
    const empty = { name: tag, body: '', draft: false, prerelease: false, commitish: 'main' };
    const release = { ...empty, makeLatest: undefined, id: this.nextId++, ...values };
    this.all.unshift(release);
    return release;
  }

  /**
   * @param {Release} release
   * @param {string} name
   * @param {Buffer | string | undefined} content undefined for an upload that broke off
   */
  attach(release, name, content) {
    if (this.assetsOf(release).some((one) => one.name === storedName(name))) {
      throw new ApiError(422, 'Validation Failed', {
        errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }],
      });
    }
    /** @type {Asset} */
    const asset = {
      ...{ id: this.nextId++, releaseId: release.id, name: storedName(name) },
      ...{ state: 'starter', size: 0, digest: null },
    };
    this.assets.push(asset);
    if (content !== undefined) this.replace(asset, content);
    return asset;
  }

  /**
   * @param {Asset} asset
   * @param {Buffer | string} content
   */
  replace(asset, content) {
    writeFileSync(this.path(asset), content);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    Object.assign(asset, { state: 'uploaded', size: Buffer.byteLength(content), digest });
  }

  /** What fails at GitHub during an upload leaves an asset without contents. @param {string} name @param {URL} url */
  breakOff(name, url) {
    const release = this.byId(/\/releases\/(\d+)\/assets$/.exec(url.pathname)?.[1]);
    const file = url.searchParams.get('name');
    if (name === 'UploadReleaseAsset' && release !== undefined && file !== null) {
      this.attach(release, file, undefined);
    }
  }

  /** @param {string | undefined} id */
  byId(id) {
    return this.all.find((one) => String(one.id) === id);
  }

  /** @param {Release} release */
  assetsOf(release) {
    return this.assets.filter(({ releaseId }) => releaseId === release.id);
  }

  /** @param {Asset} asset where its contents are kept */
  path(asset) {
    return join(this.dir, String(asset.id));
  }

  /**
   * The contents of a file of a release.
   * @param {string} tag
   * @param {string} name
   */
  content(tag, name) {
    const release = this.all.find((one) => one.tag === tag);
    const asset = release && this.assetsOf(release).find((one) => one.name === name);
    if (asset === undefined) throw new Error(`the release ${tag} has no file ${name}`);
    return readFileSync(this.path(asset));
  }

  /**
   * What the bearer of a request may do.
   * @param {import('node:http').IncomingMessage} request
   * @returns {'read' | 'write'}
   */
  access({ headers }) {
    const given = /^(?:token|Bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (given === this.tokens.write) return 'write';
    if (given === this.tokens.read) return 'read';
    throw new ApiError(401, 'Bad credentials');
  }

  /** @param {import('node:http').IncomingMessage} request */
  requireWrite(request) {
    if (this.access(request) !== 'write') {
      throw new ApiError(403, 'Resource not accessible by integration');
    }
  }

  /** @param {Release} release as the API shows it */
  shown(release) {
    const { id, tag, name, body, draft, prerelease, commitish } = release;
    const url = `${this.origins.api}/repos/${this.repository}/releases/${id}`;
    const path = `/repos/${this.repository}/releases/${id}/assets`;
    return {
      ...{ id, url, name, body, draft, prerelease, tag_name: tag, target_commitish: commitish },
      assets_url: `${url}/assets`,
      upload_url: `${this.origins.uploads}${path}{?name,label}`,
      html_url: `https://github.com/${this.repository}/releases/${draft ? 'tag/untagged-1a2b' : `tag/${tag}`}`,
      assets: this.assetsOf(release).map((one) => this.shownAsset(one)),
    };
  }

  /** @param {Asset} asset */
  shownAsset({ id, name, state, size, digest }) {
    const url = `${this.origins.api}/repos/${this.repository}/releases/assets/${id}`;
    return { id, url, name, label: '', state, size, digest, content_type: 'application/octet-stream' };
  }
}

/** GitHub puts a dot in the place of other characters. @param {string} name */
function storedName(name) {
  return name.replaceAll(/[^A-Za-z0-9._+@-]/g, '.');
}
