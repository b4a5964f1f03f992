import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { closure } from './libraries.js';
import type { Sources } from './project.js';
import type { Row } from './row.js';

/** Modules of libraries at two versions whose source is the same in both, to the byte, with all headers of the library. */
export function unchangedModules({ upFrom, to = upFrom }: Row, sources: Sources): string[] {
  const before = new Map(closure(upFrom).map((library) => [library.name, library]));
  return closure(to).flatMap((library) => {
    const old = before.get(library.name);
    if (old === undefined) return [];
    const [was, is] = [old, library].map((one) => textsOf(sources.folderOf(one))) as [Texts, Texts];
    const headers = new Set([...was.keys(), ...is.keys()].filter((file) => file.endsWith('.hrl')));
    if ([...headers].some((file) => was.get(file) !== is.get(file))) return [];
    return [...is]
      .filter(([file, text]) => file.endsWith('.erl') && was.get(file) === text)
      .map(([file]) => basename(file, '.erl'));
  });
}

type Texts = ReadonlyMap<string, string>;

function textsOf(folder: string): Texts {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((file) => /^(src|include)\/.*\.[eh]rl$/.test(file))
      .map((file) => [file, readFileSync(join(folder, file), 'latin1')]),
  );
}
