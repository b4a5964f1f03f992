import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { run } from '../../programs/exec.js';
import { hexIndex } from '../../programs/rebar3.js';
import type { Dependencies } from '../version-project.js';
import { exists } from '../../shared/exists.js';

/** Everything below `_build` that rebar3 would otherwise fetch and compile. */
const COMPILED = 'dependencies.tar';

/** What Hex says of the packages: without it rebar3 asks for each of them. */
const INDEX = 'packages.idx';

/**
 * Packs the compiled dependencies of a version that was built, and pinned plugins.
 *
 * @returns the names of the files in `folder`
 */
export async function packCompiled(
  folder: string,
  version: { readonly dir: string; readonly dependencies: Dependencies; readonly profile: string },
): Promise<string[]> {
  const { dir, dependencies, profile } = version;
  const build = join(dir, '_build');
  const members = dependencies.names.map((name) => `default/lib/${name}`);
  if (dependencies.plugins === 'pinned') members.push(...(await pluginFolders(build, profile)));
  await run('tar', ['-cf', join(folder, COMPILED), '-C', build, '--', ...members]);
  // Of plugins that are not pinned rebar3 is to find out what is the newest.
  if (dependencies.plugins === 'open' || !(await exists(hexIndex()))) return [COMPILED];
  await copyFile(hexIndex(), join(folder, INDEX));
  return [COMPILED, INDEX];
}

/**
 * Unpacks them into the project folder of a version that is to be built; what the machine knows of Hex stays as it is.
 *
 * @param files absolute paths of what was packed
 * @throws {Error} when that cannot be unpacked
 */
export async function unpackCompiled(files: readonly string[], dir: string): Promise<void> {
  for (const file of files) {
    if (basename(file) === COMPILED) {
      const target = join(dir, '_build');
      await mkdir(target, { recursive: true });
      await run('tar', ['-xof', file, '-C', target]);
    } else if (basename(file) === INDEX) {
      await mkdir(dirname(hexIndex()), { recursive: true });
      await copyFile(file, hexIndex(), constants.COPYFILE_EXCL).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
}

async function pluginFolders(build: string, profile: string): Promise<string[]> {
  const folders = [...new Set(['default', profile.replaceAll(',', '+')])].map((name) => `${name}/plugins`);
  const found = await Promise.all(folders.map((name) => exists(join(build, name))));
  return folders.filter((_, index) => found[index]);
}
