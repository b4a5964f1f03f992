import {
  appendFileSync,
  existsSync,
  lstatSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { journalOf } from '../../support/deploy-process.js';
import { listFiles } from '../../support/helloworld-package.js';
import type { Random } from './options.js';
import { OLD, Packages } from './packages.js';
import type { ServingNode } from './serving-node.js';

const OWN_RECORDS = /^\.relup-action\/(journal|lock)/;

/** What release_handler writes; not under another name first, and without syncing it. */
const RECORDS = ['releases/RELEASES', 'releases/start_erl.data'] as const;

/**
 * Leaves the installed root of a node that is gone as a power cut may leave it: what had not been synced is missing, is cut
 * off, or has its old content. What had been is whole.
 *
 * @returns what was lost, in words
 */
export function losePower({ root }: ServingNode, random: Random): string[] {
  const entries = journalOf(root);
  const step = entries.at(-1)?.step;
  const lost = [halfEntry(root)];
  const footprint = entries.flatMap((entry) => (entry.step === 'begin' ? [entry.attempt.footprint] : []))[0];
  const added = (footprint?.absent ?? []).filter((path) => isFile(join(root, path)));
  // synced before the next entry of the journal
  if (step === 'unpack') {
    lost.push(...added.map((path) => damage(root, path, random)), damageRecord(root, RECORDS[0], random));
  }
  // synced before it gets its name
  if (step === 'put-package') {
    const temporary = added.filter((path) => path.endsWith('.relup-action'));
    lost.push(...temporary.map((path) => damage(root, path, random)));
  }
  if (step === 'make-permanent') lost.push(...RECORDS.map((path) => damageRecord(root, path, random)));
  return lost.filter((text) => text !== '');
}

/** The entry that was being written: its change was not begun. */
function halfEntry(root: string): string {
  const journal = join(root, '.relup-action/journal.jsonl');
  if (!existsSync(journal)) return '';
  appendFileSync(journal, '{"at":"2026-01-01T00:00:00.000Z","st');
  return 'half an entry of the journal';
}

/**
 * The same for what an installation or a restart writes: every file that was not there before, and that the deploy did not sync
 * as it is, may be damaged. The journal is synced with each entry, and what is older than the deploy has been for long.
 *
 * @param known inodes of what was there before
 */
export function loseUnsynced(
  { root }: ServingNode,
  {
    synced,
    known,
    random,
  }: { readonly synced: string; readonly known: ReadonlySet<number>; readonly random: Random },
): string[] {
  const safe = new Set(existsSync(synced) ? readFileSync(synced, 'utf8').split('\n') : []);
  const lost = [halfEntry(root)];
  for (const path of listFiles(root).filter((path) => !OWN_RECORDS.test(path))) {
    const { ino, size } = lstatSync(join(root, path));
    if (known.has(ino) || safe.has(`${ino} ${size}`) || !isFile(join(root, path))) continue;
    lost.push(damage(root, path, random));
  }
  return lost.filter((text) => text !== '');
}

export function inodesOf(root: string): Set<number> {
  return new Set(listFiles(root).map((path) => lstatSync(join(root, path)).ino));
}

function damage(root: string, path: string, random: Random): string {
  const kind = random.pick(['whole', 'empty', 'half', 'missing'] as const);
  const file = join(root, path);
  if (kind === 'missing') rmSync(file);
  if (kind === 'empty') truncateSync(file, 0);
  if (kind === 'half') truncateSync(file, Math.floor(statSync(file).size / 2));
  return kind === 'whole' ? '' : `${path} ${kind}`;
}

function damageRecord(root: string, path: string, random: Random): string {
  const kind = random.pick(['whole', 'empty', 'half', 'as it was'] as const);
  const file = join(root, path);
  const before = readFileSync(join(Packages.shared().installed(OLD), path), 'utf8');
  if (kind === 'as it was') writeFileSync(file, before);
  if (kind === 'empty') truncateSync(file, 0);
  if (kind === 'half') truncateSync(file, Math.floor(statSync(file).size / 2));
  return kind === 'whole' ? '' : `${path} ${kind}`;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
