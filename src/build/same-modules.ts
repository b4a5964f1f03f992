import { posix } from 'node:path';
import type { CommittedFile, WorkTree } from '../programs/git/work-tree.js';

/** Lines that decide what else than its own text makes a module's code. */
const TELLING = '(parse|core)_transform|-[[:space:]]*include';

/** What these make of a module depends on that module alone; as in src/erlang/relup_dependencies.erl. */
const TRANSFORMS = ['eunit_autoexport', 'lager_transform', 'ms_transform', 'qlc'];

/** Files that no compiler of rebar3's reads, beside the sources of modules, of which each is looked at for itself. */
const NO_INPUT =
  /\.(?:erl|src|appup|config|args|md|txt|conf|ya?ml|json|html?|css|js|svg|png)$|(?:^|\/)(?:[A-Z][A-Z_-]*|\.[\w-]+|Dockerfile|Makefile)$/;

const NONE: readonly CommittedFile[] = [];

/**
 * The sources of modules that are the same in both versions and in which nothing else can make the code differ: no header,
 * generator or compiler option changed, and no file of the project's has a hand in compiling another one. What is in doubt is
 * not the same: then everything is compiled. That both have the same dependencies and configuration is for the caller to know.
 *
 * @param trees the checked-out repositories, at their top folders
 * @param projectPath the project folder in them
 */
export async function sameModules(
  trees: { readonly one: WorkTree; readonly other: WorkTree },
  projectPath: string,
): Promise<readonly CommittedFile[]> {
  const [one, other] = await Promise.all([trees.one.files(), trees.other.files()]);
  const known = new Map(other.map((file) => [file.path, file]));
  const isSame = (file: CommittedFile): boolean => known.get(file.path)?.object === file.object;
  const paths = new Set(one.map(({ path }) => path));
  const changed = [...one.filter((file) => !isSame(file)), ...other.filter(({ path }) => !paths.has(path))];
  if (changed.some(({ path }) => mattersToOthers(path, projectPath, paths.has(path) && known.has(path))))
    return NONE;
  if ([...one, ...other].some((file) => isElusive(file))) return NONE;
  const lines = await Promise.all([trees.one.matchingLines(TELLING), trees.other.matchingLines(TELLING)]);
  if (!lines.flat().every(({ path, line }) => isPlain(path, line))) return NONE;
  const names = [nameCounts(one), nameCounts(other)];
  // Of two files with one name it is not clear which one makes the module.
  const isClear = ({ path }: CommittedFile): boolean =>
    names.every((counts) => counts.get(posix.basename(path)) === 1);
  return one.filter((file) => file.path.endsWith('.erl') && isSame(file) && isClear(file));
}

function nameCounts(files: readonly CommittedFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(posix.basename(path), (counts.get(posix.basename(path)) ?? 0) + 1);
  return counts;
}

/** Whether a file that differs may change the code of a module that does not. Pure. */
function mattersToOthers(path: string, projectPath: string, isInBoth: boolean): boolean {
  const isInProject = projectPath === '' || path.startsWith(`${projectPath}/`);
  if (!isInProject) return path.endsWith('.hrl');
  // Which files make an application, and with which options: the project's own configuration is compared by the caller.
  if (/\.app\.src(?:\.script)?$/.test(path)) return !isInBoth;
  if (/^rebar\.config/.test(posix.basename(path))) return path !== posix.join(projectPath, 'rebar.config');
  return !NO_INPUT.test(path);
}

/** Links and submodules, whose content the commit does not hold, and scripts that configure an application's compilation. */
function isElusive({ path, kind }: CommittedFile): boolean {
  return (
    (kind === 'other' && !/(?:^|\/)[A-Z_]+$|\.(?:md|txt)$/.test(path)) || path.endsWith('rebar.config.script')
  );
}

/** Whether a line of {@link TELLING} is of the usual kind: a header, or a transform that is known. Pure. */
function isPlain(path: string, line: string): boolean {
  if (!/\.[eh]rl$/.test(path)) return true;
  const includes = [...line.matchAll(/-\s*include(?:_lib)?(\s*\(\s*"[^"]+\.hrl"\s*\))?/g)];
  return hasKnownTransforms(line) && includes.every(([, header]) => header !== undefined);
}

/** Whether a text speaks of no other parse transforms than those whose result is known to depend on one module alone. Pure. */
export function hasKnownTransforms(text: string): boolean {
  const transforms = [...text.matchAll(/(?:parse|core)_transform(?:\s*,\s*(\w+))?/g)];
  return transforms.every(([, name = '']) => TRANSFORMS.includes(name));
}
