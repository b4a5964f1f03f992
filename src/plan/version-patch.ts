import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from '../shared/errors.js';

/** Lines of context, as git writes them. */
const CONTEXT = 3;

/**
 * A patch for `git apply` that raises an application's version where the file says it as a text; undefined where it is
 * computed or stands elsewhere.
 *
 * @param topDir the top folder of the worktree, which the location is relative to
 */
export function versionPatch(topDir: string, { file, line }: Location, version: string): string | undefined {
  const raised = nextVersion(version);
  if (line === undefined || raised === undefined) return undefined;
  const lines = readFileSync(join(topDir, file), 'utf8').split('\n');
  const old = lines[line - 1] ?? '';
  if (!/\{\s*vsn\s*,/.test(old) || !old.includes(`"${version}"`)) return undefined;
  // What follows the last line end is no line.
  const last = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const before = lines.slice(Math.max(0, line - 1 - CONTEXT), line - 1);
  const after = lines.slice(line, Math.min(last, line + CONTEXT));
  const range = `${line - before.length},${before.length + 1 + after.length}`;
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${range} +${range} @@`,
    ...before.map((text) => ` ${text}`),
    `-${old}`,
    `+${old.replace(`"${version}"`, `"${raised}"`)}`,
    ...after.map((text) => ` ${text}`),
  ].join('\n');
}

/** The last number plus one: `1.2.3` → `1.2.4`, also of `v1.2`. */
export function nextVersion(version: string): string | undefined {
  const [, head, number] = /^(.*?)(\d+)$/s.exec(version) ?? [];
  return head === undefined || number === undefined ? undefined : `${head}${BigInt(number) + 1n}`;
}
