import { join } from 'node:path';
import type { Difference, Need } from './compare/difference.js';
import type { VersionContext } from './lane.js';
import { writeErlangRequest } from '../programs/erlang-request.js';

/** Adds to what is missing the code that cannot do without it, as far as there is code with debug information. */
export async function withNeeds(
  context: VersionContext,
  direction: 'up' | 'down',
  differences: readonly Difference[],
): Promise<Difference[]> {
  const missing = differences.filter(({ kind }) => kind === 'remains-missing').map(({ subject }) => subject);
  if (missing.length === 0) return [...differences];
  const file = join(context.folder, 'needed.request');
  await writeErlangRequest(file, [...placeOf(context, direction), missing]);
  const needs = await context.options.erlang.query<Need[]>('needed', [file]);
  return differences.map((difference) => {
    const need = needs.find(({ thing }) => thing === difference.subject);
    return difference.kind === 'remains-missing' && need !== undefined ? { ...difference, need } : difference;
  });
}

/** The tree of the release that the node is to be, and the folder of what rebar3 compiled of it. */
function placeOf({ options, upFrom }: VersionContext, direction: 'up' | 'down'): [string, string] {
  if (direction === 'up') return [options.release.root, options.buildDir ?? ''];
  const { buildDir } = upFrom.source;
  return [upFrom.root, buildDir === undefined ? '' : join(buildDir, 'lib')];
}
