// `upgrade-from: deployed`: what really runs, as the file of a deploy or a manifest says it.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DEPLOYED_FILE, parseDeployed, type Deployed } from '../model/deployed.js';
import type { UpFromChoice } from '../model/refs.js';
import type { Git } from '../programs/git.js';
import { BadInputError, errorMessage } from '../shared/errors.js';
import type { History } from './history.js';
import { fetchRef } from './named.js';
import type { TagPattern } from './tag-pattern.js';

const ITEM = 'deployed';

/** A manifest with a large release in it, and more. */
const MAX_BYTES = 100_000_000;

const REMEDY = `Write deployed:<path or address> of the ${DEPLOYED_FILE} that a deploy left in deploy-root, or of the manifest of what runs.`;

/** Whether an item of `upgrade-from` names what is deployed somewhere. Pure. */
export function isDeployed(item: string): boolean {
  return item === ITEM || item.startsWith(`${ITEM}:`);
}

export interface DeployedInput {
  readonly git: Git;
  readonly history: History;
  readonly pattern: TagPattern;
  /** Absolute folder that paths are relative to. */
  readonly baseDir: string;
  /** The input; undefined when nothing is deployed in this run. */
  readonly deployRoot: string | undefined;
}

/**
 * The release that an item's file or address names.
 *
 * @returns undefined when it is the new release itself
 * @throws {BadInputError} when that cannot be read, or is not of this repository
 */
export async function findDeployed(item: string, input: DeployedInput): Promise<UpFromChoice | undefined> {
  const { git, history } = input;
  const place = placeOf(item, input);
  const deployed = parseDeployed(await read(place));
  if (deployed === undefined) {
    throw new BadInputError(`upgrade-from: ${place} does not say what is deployed.`, {
      remedy: REMEDY,
    });
  }
  const tag = await tagOf(deployed, input);
  const wanted = deployed.commit ?? tag?.commit;
  const commit = wanted && ((await git.resolve(wanted)) ?? (await fetchRef(git, history, wanted)));
  if (commit === undefined) {
    throw new BadInputError(
      `upgrade-from: ${place} names ${deployed.name} ${deployed.version}, which is neither a commit nor a release tag of this repository.`,
      {
        remedy:
          'Name the place of a node that runs a release of this repository, or a .tar.gz of what it runs.',
      },
    );
  }
  if (commit === git.head) return undefined;
  return { kind: 'ref', ref: tag?.name ?? commit, commit, published: 'preferred', deployed: true };
}

/** For when nothing else is upgraded from. */
export function allDeployed(version: string): BadInputError {
  return new BadInputError(`upgrade-from: all that is deployed is the new release already, ${version}.`, {
    remedy:
      'There is nothing to upgrade. To make the packages once more, name the release before it, or write auto.',
  });
}

function placeOf(item: string, { baseDir, deployRoot }: DeployedInput): string {
  const place = item.slice(ITEM.length + 1);
  if (/^https?:\/\//.test(place)) return place;
  if (place !== '') return resolve(baseDir, place);
  if (deployRoot !== undefined) return join(deployRoot, DEPLOYED_FILE);
  throw new BadInputError(
    'upgrade-from: deployed has no place to read it from, because this step does not deploy.',
    {
      remedy: REMEDY,
    },
  );
}

async function read(place: string): Promise<string> {
  try {
    return await (/^https?:/.test(place) ? readAddress(place) : readFile(place, 'utf8'));
  } catch (error) {
    throw new BadInputError(`upgrade-from: ${place} cannot be read: ${errorMessage(error)}.`, {
      remedy: REMEDY,
      cause: error,
    });
  }
}

async function readAddress(address: string): Promise<string> {
  const { HttpClient } = await import('@actions/http-client');
  const client = new HttpClient('relup-action', [], {
    ...{ allowRetries: true, maxRetries: 3, socketTimeout: 30_000 },
  });
  try {
    const { message } = await client.get(address, { accept: 'application/json' });
    const { statusCode = 0 } = message;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of message as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    if (statusCode !== 200) throw new Error(`it answers with status ${statusCode}`);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    client.dispose();
  }
}

/** The release tag on its commit, or else of its version. */
async function tagOf(
  { version, commit }: Deployed,
  { git, pattern }: DeployedInput,
): Promise<{ name: string; commit: string } | undefined> {
  const tags = (await git.tags()).filter(({ name }) => pattern.version(name) !== undefined);
  const ofVersion = tags.filter(({ name }) => pattern.version(name)?.text === version);
  return (
    ofVersion.find((tag) => tag.commit === commit) ??
    tags.find((tag) => tag.commit === commit) ??
    ofVersion[0]
  );
}
