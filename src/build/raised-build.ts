import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RaisedVersions } from '../model/raised.js';
import { type BuiltRelease, foldersOf } from '../model/release.js';
import { assemble } from './assemble.js';
import type { Provided } from './provided.js';
import { unpackBuilt } from './unpack-built.js';
import type { Assembly, BuildContext } from './version.js';

/**
 * Builds a version once more, in its worktree, with versions that only this run sees. rebar3 compiles what is not there yet: only
 * `.app` files and the release change.
 */
export async function buildRaised(
  context: BuildContext,
  { version, project, assembly: first, release }: Provided,
  { release: raised, applications }: RaisedVersions,
): Promise<{ readonly assembly: Assembly; readonly release: BuiltRelease }> {
  const { projectDir, buildDir } = first;
  const flat = applications.flatMap((one) => [one.name, one.raised]);
  await context.erlang.query('raise', [projectDir, join(buildDir, 'lib'), ...flat]);
  for (const folder of [join(buildDir, 'rel'), release.root]) await rm(folder, { recursive: true });
  // No tag names it.
  const { ref, commit, role } = version;
  const again = {
    ...{ ref, commit, role },
    raised: { name: release.name, version: raised?.raised ?? release.version },
  };
  const assembly = await assemble(context, again, project);
  const builtIn = foldersOf(release.source);
  return { assembly, release: await unpackBuilt(context, again, { assembly, builtIn }) };
}
