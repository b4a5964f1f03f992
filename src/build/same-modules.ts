import { posix } from 'node:path';
import type { CommittedFile, WorkTree } from '../programs/git/work-tree.js';
import { ReadBySource, TELLING } from './read-by-source.js';

const NONE: readonly CommittedFile[] = [];

/**
 * The sources of modules that are compiled to the same in both versions, where rebar3's own compilers alone make code: those that are
 * the same file in both commits, read nothing but headers that are the same, too, and lie in an application whose options did not
 * change. What is in doubt is not the same. That both have the same dependencies and project configuration is for the caller to know.
 *
 * @param trees the checked-out repositories, at their top folders
 * @param projectPath the project folder in them
 */
export async function sameModules(
  trees: { readonly one: WorkTree; readonly other: WorkTree },
  projectPath: string,
): Promise<readonly CommittedFile[]> {
  const [one, other] = await Promise.all([trees.one.files(), trees.other.files()]);
  const [before, after] = [differing(one, other), differing(other, one)];
  const changed = [...before, ...after];
  if (changed.some(mattersToAll)) return NONE;
  const lines = await Promise.all([trees.one.matchingLines(TELLING), trees.other.matchingLines(TELLING)]);
  const paths = pathsOf(changed);
  const read = new ReadBySource(lines.flat(), [...paths]);
  const inBoth = pathsOf(before).intersection(pathsOf(after));
  const folders = [...paths].flatMap((path) => foldersWith(path, inBoth.has(path), projectPath));
  // Of two files with one name it is not clear which one makes the module.
  const names = [nameCounts(one), nameCounts(other)];
  const isClear = (path: string): boolean =>
    names.every((counts) => counts.get(posix.basename(path)) === 1) &&
    !folders.some((folder) => folder === '.' || path.startsWith(`${folder}/`));
  return one.filter(
    ({ path, kind }) =>
      path.endsWith('.erl') && kind === 'regular' && !paths.has(path) && isClear(path) && read.isPlain(path),
  );
}

function pathsOf(files: readonly CommittedFile[]): Set<string> {
  return new Set(files.map(({ path }) => path));
}

/** The files of one commit that the other lacks, or has otherwise. */
function differing(one: readonly CommittedFile[], other: readonly CommittedFile[]): CommittedFile[] {
  const known = new Map(other.map(({ path, object }) => [path, object]));
  return one.filter(({ path, object }) => known.get(path) !== object);
}

/** Links and submodules, which may hold anything, and what headers are generated from. Pure. */
function mattersToAll({ path, kind }: CommittedFile): boolean {
  const isText = /(?:^|\/)[A-Z_]+$|\.(?:md|txt)$/.test(path);
  return (kind === 'other' && !isText) || /\.(?:mib|asn1?)$/.test(path);
}

/** The folders for which a file that differs decides what is compiled there, and with which options. Pure. */
function foldersWith(path: string, inBoth: boolean, projectPath: string): string[] {
  const folder = posix.dirname(path);
  if (/^rebar\.config/.test(posix.basename(path))) {
    // The project's own configuration is compared by the caller.
    return folder === (projectPath === '' ? '.' : projectPath) ? [] : [folder];
  }
  // An application comes or goes.
  return /\.app\.src(?:\.script)?$/.test(path) && !inBoth ? [posix.dirname(folder)] : [];
}

function nameCounts(files: readonly CommittedFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const name = posix.basename(path);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
