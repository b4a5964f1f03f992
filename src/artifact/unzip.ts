// Opens an artifact's zip. Whoever may write artifacts could have put anything into it.
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry } from 'unzip-stream';
import { ActionError, errorMessage } from '../shared/errors.js';

/** The packages, manifest and report lie side by side in it. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._+~@-]*$/;
/** Appups for people to adopt; a deploy leaves them in the zip. */
const LEFT_OUT = /^appups\/[A-Za-z0-9][A-Za-z0-9._+~@-]*$/;

const MAX_FILES = 1000;
/** Of all files together; as for packages. */
const MAX_BYTES = 20_000_000_000;

/**
 * Unpacks packages, manifest and report from an artifact's zip into a private folder: plain files with plain names only.
 *
 * @throws {ActionError} for anything else in it, or a damaged zip
 */
export async function unzipPackages(zip: string, folder: string, maxBytes = MAX_BYTES): Promise<void> {
  const state = { files: 0, bytes: 0 };
  const write = async (entry: Entry, signal: AbortSignal): Promise<void> => {
    checkName(entry, (state.files += 1));
    const count = counter((bytes) => (state.bytes += bytes) <= maxBytes);
    const target = LEFT_OUT.test(entry.path)
      ? createWriteStream('/dev/null')
      : createWriteStream(join(folder, entry.path), { flags: 'wx', mode: 0o600 });
    await pipeline(entry, count, target, { signal });
  };
  try {
    await forEachEntry(zip, write);
  } catch (error) {
    if (error instanceof ActionError || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw refused(`cannot be opened (${errorMessage(error)})`, error);
  }
}

type Take = (entry: Entry, signal: AbortSignal) => Promise<void>;

/**
 * Nothing is written any more when this has failed. unzip-stream's streams are of an older kind, which `for await` takes for
 * broken off.
 */
async function forEachEntry(zip: string, take: Take): Promise<void> {
  const { default: unzip } = await import('unzip-stream');
  const parser = unzip.Parse();
  const source = createReadStream(zip);
  const stop = new AbortController();
  const taken: Promise<void>[] = [];
  // It uses the deprecated Buffer(), which is nothing that users of the action should read about.
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void => reject(error);
      parser.on('entry', (entry: Entry) => {
        if (stop.signal.aborted) return;
        const done = take(entry, stop.signal);
        done.catch(fail);
        taken.push(done);
      });
      parser.once('close', () => void Promise.all(taken).then(() => resolve(), fail));
      parser.on('error', fail);
      source.once('error', fail).pipe(parser);
    });
  } finally {
    source.destroy();
    stop.abort();
    await Promise.allSettled(taken);
    process.noDeprecation = noDeprecation;
  }
}

function checkName({ path, type }: Entry, number: number): void {
  if (number > MAX_FILES) throw refused(`holds more than ${MAX_FILES} files`);
  if (type !== 'File' || !(PLAIN_NAME.test(path) || LEFT_OUT.test(path)))
    throw refused(`holds ${JSON.stringify(path)}`);
}

function counter(withinLimit: (bytes: number) => boolean): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (withinLimit(chunk.length)) done(null, chunk);
      else done(refused('holds more bytes than a release should'));
    },
  });
}

function refused(reason: string, cause?: unknown): ActionError {
  return new ActionError(`The artifact's zip is not one of relup-action's: it ${reason}.`, {
    remedy: 'Deploy the artifact that relup-action uploaded, unchanged.',
    cause,
  });
}
