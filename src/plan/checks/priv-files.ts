import type { Finding } from '../../model/finding.js';
import type { FactsOptions, Step } from './facts.js';
import { applicationPlace, remedyFor, type Places } from './module-places.js';
import { isSharedObject, privDigests } from './priv-digests.js';
import { startsAnew } from './steps.js';

/** So many names of files are told. */
const SHOWN = 4;

/**
 * Files of `priv` that differ where only start code looks for them: what runs goes on with what it has read of the old version, or with
 * the program that it has started. Shared objects are looked at as native code.
 */
export async function checkPrivFiles(
  steps: readonly Step[],
  options: Pick<FactsOptions, 'erlang' | 'buildDir'> & Places,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const step of steps) {
    const files = await changedFiles(step);
    if (files.length === 0) continue;
    const { name, to = '' } = step.change;
    const place = [step.release.root, options.buildDir, name, to];
    const all = await options.erlang.query<string[]>('priv-readers', place);
    const readers = all.filter(
      (reader) => !startsAnew(steps, step, { direction: 'up', module: moduleOf(reader) }),
    );
    if (readers.length > 0) found.push(finding(step, { files, readers }, options));
  }
  return found;
}

function moduleOf(reader: string): string {
  return reader.slice(0, reader.lastIndexOf(':'));
}

function finding(
  { change }: Step,
  { files, readers }: { readonly files: readonly string[]; readonly readers: readonly string[] },
  places: Places,
): Finding {
  const { name, from, to } = change;
  return {
    id: 'priv-read-at-start',
    severity: 'warning',
    application: name,
    message: `${some(files)} of ${name} ${files.length === 1 ? 'differs' : 'differ'} between ${from ?? ''} and ${to ?? ''}, and only code that runs at a start asks for the folder priv (${readers.join(', ')}): what runs goes on with what it has read there, or started, of ${from ?? ''}.`,
    remedy: remedyFor(
      places,
      name,
      'If it needs the new one, read it in code_change as well, ask for the folder each time it is used, or restart the process in the appup.',
    ),
    location: applicationPlace(places, name),
  };
}

function some(files: readonly string[]): string {
  const shown = files.slice(0, SHOWN).join(', ');
  return files.length > SHOWN ? `${shown} and ${files.length - SHOWN} more files` : shown;
}

/** Files that both versions have, and that differ; relative to the application's folder. */
async function changedFiles({ change, upFrom, release }: Step): Promise<string[]> {
  const isOther = (file: string): boolean => !isSharedObject(file);
  const before = await privDigests(upFrom, change.name, isOther);
  const after = await privDigests(release, change.name, isOther);
  return [...before].flatMap(([file, digest]) => (digest === (after.get(file) ?? digest) ? [] : [file]));
}
