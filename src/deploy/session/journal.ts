import { constants } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Attempt, Footprint, JournalEntry, JournalStep } from '../../model/deploy.js';
import { diskFull, explainFullDisk } from '../../node/durable-file.js';
import { foreignRoot } from '../../node/foreign-owner.js';
import { readPlainFile } from '../../node/plain-file.js';
import { NodeRefusedError } from '../../shared/errors.js';
import { DEPLOY_FOLDER, type DeployFolder } from './deploy-folder.js';
import { parseEntry } from './journal-entry.js';

const FILE = 'journal.jsonl';
/** The journal of the deploy before; kept for people. */
const PREVIOUS = 'journal.previous.jsonl';

/** The first is that of hot upgrades without commands. */
const FORMATS: readonly number[] = [1, 2];

const NO_ENTRY = 'no step can be noted';

/** Every entry begins so. */
const ENTRY_BEGINS = '{"at":"';

/**
 * What a deploy is about to do, each step on the disk before the change begins, so that the next run knows what may have
 * happened (design decision 9). JSON, one entry a line.
 */
export class Journal {
  private constructor(
    private readonly folder: DeployFolder,
    private written: readonly JournalEntry[],
    /** Bytes of the file that hold whole entries. */
    private length: number,
  ) {}

  /**
   * Opens the journal that lies in the folder. An entry that was cut off by a power cut is left out: what it names was not
   * begun.
   *
   * @throws {NodeRefusedError} when it is damaged in another way, or of a format that this code does not know.
   */
  static async open(folder: DeployFolder): Promise<Journal> {
    const { entries, length } = await readEntries(join(folder.dir, FILE));
    return new Journal(folder, entries, length);
  }

  /** The deploy that was begun in an installed release and has not come to its end, without touching anything. */
  static async unfinishedIn(root: string): Promise<Attempt | undefined> {
    const { entries } = await entriesIn(root);
    return unfinished(entries);
  }

  /** The entries of the latest deploy to an installed release, without touching anything. */
  static async read(root: string): Promise<readonly JournalEntry[]> {
    return (await entriesIn(root)).entries;
  }

  /** All of the latest deploy, in order. */
  get entries(): readonly JournalEntry[] {
    return this.written;
  }

  get last(): JournalEntry | undefined {
    return this.written.at(-1);
  }

  /** The deploy that was begun and has not come to its end. */
  get unfinished(): Attempt | undefined {
    return unfinished(this.written);
  }

  has(step: JournalStep['step']): boolean {
    return this.written.some((entry) => entry.step === step);
  }

  /** The latest entry of a step. */
  find<S extends JournalStep['step']>(step: S): Extract<JournalEntry, { step: S }> | undefined {
    return this.written.findLast((entry): entry is Extract<JournalEntry, { step: S }> => entry.step === step);
  }

  /**
   * Begins the journal of another deploy. What only knows upgrades without commands must not go on with any other one, so those
   * alone have its format.
   */
  async begin(attempt: Attempt, hasCommands = false): Promise<void> {
    const { dir } = this.folder;
    await rename(join(dir, FILE), join(dir, PREVIOUS)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    this.written = [];
    this.length = 0;
    const format = hasCommands || attempt.way !== undefined || attempt.goesBack === true ? 2 : 1;
    await this.write({ step: 'begin', format, attempt });
    await this.folder.sync();
  }

  /** Writes what is about to be done; it is on the disk when this returns. */
  async write(step: JournalStep): Promise<void> {
    const entry = { at: new Date().toISOString(), ...step };
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    const handle = await this.folder.openFile(FILE, constants.O_WRONLY | constants.O_CREAT);
    try {
      // what was cut off before goes, and so does what a full disk leaves of this line
      await handle.truncate(this.length);
      const { bytesWritten } = await handle.write(line, 0, line.length, this.length);
      if (bytesWritten < line.length) throw diskFull(this.folder.dir, NO_ENTRY);
      await handle.sync();
    } catch (error) {
      throw explainFullDisk(error, this.folder.dir, NO_ENTRY);
    } finally {
      await handle.close();
    }
    this.length += line.length;
    this.written = [...this.written, entry];
  }
}

function unfinished(entries: readonly JournalEntry[]): Attempt | undefined {
  const [first] = entries;
  return first?.step === 'begin' && entries.at(-1)?.step !== 'end' ? first.attempt : undefined;
}

/** @throws {NodeRefusedError} when the root, or the deploys' folder in it, is another user's */
function entriesIn(root: string): ReturnType<typeof readEntries> {
  return readEntries(join(root, DEPLOY_FOLDER, FILE)).catch(async (error: unknown) => {
    throw (await foreignRoot(root, error)) ?? error;
  });
}

/** Whole entries, and how many bytes they take. */
async function readEntries(file: string): Promise<{ entries: JournalEntry[]; length: number }> {
  const text = await readPlainFile(file);
  if (text === undefined) return { entries: [], length: 0 };
  if (text === null) throw damaged(file);
  const lines = text.split('\n').slice(0, -1);
  const entries = lines.map(parseEntry);
  const bad = entries.indexOf(undefined);
  const good = (bad === -1 ? entries : entries.slice(0, bad)) as JournalEntry[];
  if (bad !== -1 && entries.slice(bad).some((entry) => entry !== undefined)) throw damaged(file);
  if (good[0] !== undefined) checkBegin(file, good[0]);
  if (good.length === 0 && !isCutOffEntry(text)) throw damaged(file);
  const whole = lines.slice(0, good.length).map((line) => `${line}\n`);
  return { entries: good, length: Buffer.byteLength(whole.join('')) };
}

/** What a power cut leaves of the first entry: nothing, zeros, or how it begins. Anything else was not written by a deploy. */
function isCutOffEntry(text: string): boolean {
  const begun = text.replace(/[\0\n]+$/, '');
  return !begun.includes('\n') && ENTRY_BEGINS.startsWith(begun.slice(0, ENTRY_BEGINS.length));
}

/** The paths in it are removed and written to, perhaps by root, so they must stay inside; of links see inside-root.ts. */
function checkBegin(file: string, entry: JournalEntry): void {
  if (entry.step !== 'begin') throw damaged(file);
  if (!FORMATS.includes(entry.format)) {
    throw new NodeRefusedError(`The journal ${file} was written by another version of relup-action.`, {
      remedy: 'Use the same version of relup-action to go on with a deploy as to begin it.',
    });
  }
  if (!isSound(entry.attempt.footprint)) throw damaged(file);
}

function isSound({ absent, saved }: Partial<Footprint>): boolean {
  if (!Array.isArray(absent) || !Array.isArray(saved)) return false;
  const copies = (saved as Footprint['saved']).map(({ copy }) => copy);
  const replaced = (saved as Footprint['saved']).map(({ path }) => path);
  const inside = (path: unknown): path is string =>
    typeof path === 'string' && !path.startsWith('/') && !path.split('/').includes('..');
  return (
    [...(absent as unknown[]), ...replaced].every(inside) &&
    copies.every((copy) => inside(copy) && copy.startsWith(`${DEPLOY_FOLDER}/`))
  );
}

function damaged(file: string): NodeRefusedError {
  return new NodeRefusedError(
    `The journal ${file} is damaged, so it is not known what an earlier deploy did.`,
    {
      remedy:
        'Check what the node runs and what it boots (releases/RELEASES, bin/<name>). When it is as it should be, remove the journal.',
    },
  );
}
