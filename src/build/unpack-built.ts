import type { BuiltRelease } from '../model/release.js';
import { unpackRelease } from './describe.js';
import { placeOf, type Assembly, type BuildContext, type Version } from './version.js';

/**
 * From here on only the package counts, not what it was made from.
 *
 * @param builtIn the folders that its code was compiled in
 */
export async function unpackBuilt(
  context: BuildContext,
  version: Version,
  { assembly, builtIn }: { readonly assembly: Assembly; readonly builtIn: readonly string[] },
): Promise<BuiltRelease & { readonly tarball: string }> {
  const { projectDir, buildDir, tarball } = assembly;
  const { ref, commit, tag, role } = version;
  const release = await unpackRelease(context, tarball, {
    source: { kind: 'ref', ref, commit, builtIn, projectDir, buildDir },
    at: placeOf(version),
    tag,
    isUpFrom: role === 'up-from',
    mayBeMadeUp: context.check === true,
  });
  return { ...release, tarball };
}
