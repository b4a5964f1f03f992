import { join, relative } from 'node:path';
import type { Location } from '../shared/errors.js';

/** Where a compiler stopped, and what it says. */
export interface CompileError {
  /** `file` as rebar3 prints it. */
  readonly place: Location & { readonly line: number };
  readonly text: string;
}

/** As rebar3 before 3.23 prints it, and erlc: `src/a.erl:3:1: syntax error before: foo`; of a missing header, `src/a.erl:{3,1}: …`. */
const PLAIN =
  /^(?<file>\S[^:\n]*\.[a-z]+):\{?(?<line>\d+)(?:[:,](?<column>\d+)\}?)?: (?!Warning)(?<text>.+)$/m;

/** As newer ones draw it: the file, the line with its number, and a mark below the column. */
const DRAWN = /^ *┌─ (?<file>.+):\n *│ *\n *(?<line>\d+) │.*\n(?<mark> *│ *╰)─*(?: (?<text>.+))?$/m;

/** The first error that rebar3 printed after it said that a file did not compile. Pure. */
export function compileError(output: string): CompileError | undefined {
  const start = output.search(/Compiling \S+ failed/);
  if (start === -1) return undefined;
  const errors = output.slice(start);
  const found = (DRAWN.exec(errors) ?? PLAIN.exec(errors))?.groups;
  if (found === undefined) return undefined;
  const { file = '', line, column, mark, text = '' } = found;
  // The source line begins two places after the bar.
  const at = mark === undefined ? Number(column ?? 0) : mark.indexOf('╰') - mark.indexOf('│') - 2;
  return { place: { file, line: Number(line), ...(at > 0 ? { column: at } : {}) }, text: text.trim() };
}

/** Where the project lies. */
export interface ProjectPlace {
  /** The project folder in the worktree. */
  readonly topDir: string;
  /** The same relative to the repository. */
  readonly projectPath: string;
}

/** The place in the user's repository; undefined for a file of a dependency. */
export function inRepository(place: Location, { topDir, projectPath }: ProjectPlace): Location | undefined {
  const file = place.file.startsWith('/') ? relative(topDir, place.file) : place.file;
  if (file.startsWith('..') || /(?:^|\/)_build\//.test(file)) return undefined;
  return { ...place, file: join(projectPath, file) };
}
