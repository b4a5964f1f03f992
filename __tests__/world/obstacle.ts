import { execFileSync } from 'node:child_process';
import { closure, type Library } from './libraries.js';
import type { Sources } from './project.js';
import type { Row } from './row.js';

/** The tarball of a row that could not be had; undefined when all are there. */
export function missingTarball(row: Row, sources: Sources): string | undefined {
  return librariesOf(row).find((library) => !sources.has(library))?.tarball;
}

/** Why a row cannot be had on this machine, in a few words; undefined when it can. */
export function obstacle(row: Row, sources: Sources, otp: string): string | undefined {
  const reason = row.unbuildable?.[otp];
  if (reason !== undefined) return `does not compile on OTP ${otp}: ${reason}`;
  const tarball = missingTarball(row, sources);
  if (tarball !== undefined) return `${tarball} could not be had`;
  const libraries = librariesOf(row);
  if (libraries.every(({ files }) => files?.['native.sh'] === undefined)) return undefined;
  const headers = new Set(['erl_nif.h', ...libraries.flatMap((library) => library.headers ?? [])]);
  const lacking = [...headers].find((header) => !compiles(header));
  return lacking === undefined ? undefined : `needs a C compiler and ${lacking}`;
}

function librariesOf({ upFrom, to = [] }: Row): Library[] {
  return [...closure(upFrom), ...closure(to)];
}

const known = new Map<string, boolean>();

function compiles(header: string): boolean {
  const answer = known.get(header) ?? tried(header);
  known.set(header, answer);
  return answer;
}

function tried(header: string): boolean {
  const include = 'io:put_chars(code:root_dir() ++ "/usr/include"), halt().';
  try {
    const folder = execFileSync('erl', ['-noinput', '-boot', 'no_dot_erlang', '-eval', include], {
      encoding: 'utf8',
    });
    execFileSync('c++', ['-E', '-x', 'c', `-I${folder}`, '-'], {
      input: `#include <${header}>\n`,
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}
