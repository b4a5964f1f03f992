import type { Package, PackagedRelease } from '../model/package.js';
import type { BuiltRelease } from '../model/release.js';
import type { Erlang } from '../programs/erlang.js';
import { ActionError } from '../shared/errors.js';
import { foreignPaths } from './foreign.js';

/** A member as relup_tarball.erl lists it; `type` may also be erl_tar's name of something that no package holds. */
interface Member {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | (string & {});
  readonly size: number;
  readonly mode: number;
}

/**
 * Reads a finished package back with OTP's own erl_tar and checks what an installation relies on (H43–H48, H59).
 *
 * @param upFrom - the releases that the relup upgrades from; empty when the package has no relup.
 * @throws {ActionError} naming the file; a defect of this action or of the overlay.
 */
export async function verifyPackage({
  erlang,
  finished,
  release,
  upFrom,
}: {
  readonly erlang: Pick<Erlang, 'query'>;
  readonly finished: Package;
  readonly release: PackagedRelease;
  readonly upFrom: readonly Pick<BuiltRelease, 'version' | 'applications'>[];
}): Promise<void> {
  const members = await erlang.query<Member[]>('tarball', [finished.path]);
  const problem = findProblem({ members, finished, release, upFrom });
  if (problem === undefined) return;
  throw new ActionError(`The package ${finished.path} is not as it should be: ${problem}.`, {
    details: members
      .map(({ name, type, size, mode }) => `${mode.toString(8)} ${type} ${size} ${name}`)
      .join('\n'),
  });
}

/** The first thing that is wrong, as a clause. Pure. */
export function findProblem({
  members,
  finished,
  release,
  upFrom,
}: {
  readonly members: readonly Member[];
  readonly finished: Package;
  readonly release: PackagedRelease;
  readonly upFrom: readonly Pick<BuiltRelease, 'version' | 'applications'>[];
}): string | undefined {
  const byName = new Map(members.map((member) => [member.name, member]));
  return (
    duplicate(members) ??
    wrongFile(byName, finished) ??
    unexpectedMember(byName, finished) ??
    missingFile(byName, release, upFrom) ??
    forbiddenFile({ members: byName, finished, release, upFrom }) ??
    notExecutable(byName, release)
  );
}

function duplicate(members: readonly Member[]): string | undefined {
  const seen = new Set<string>();
  for (const { name } of members) {
    if (seen.has(name)) return `${name} is in it twice`;
    seen.add(name);
  }
  return undefined;
}

function wrongFile(members: ReadonlyMap<string, Member>, { files }: Package): string | undefined {
  for (const { path, size, mode } of files) {
    const member = members.get(path);
    if (member?.type !== 'file') return `erl_tar does not list the file ${path}`;
    if (member.size !== size) return `${path} has ${member.size} bytes instead of ${size}`;
    if (member.mode !== mode)
      return `${path} has mode ${member.mode.toString(8)} instead of ${mode.toString(8)}`;
  }
  return undefined;
}

function unexpectedMember(members: ReadonlyMap<string, Member>, { files }: Package): string | undefined {
  const expected = new Set(files.map(({ path }) => path));
  for (const { name, type } of members.values()) {
    if (type === 'directory' || type === 'symlink' || (type === 'file' && expected.has(name))) continue;
    return `it holds ${name} (${type}), which was not put into it`;
  }
  return undefined;
}

function missingFile(
  members: ReadonlyMap<string, Member>,
  { name, version, applications }: PackagedRelease,
  upFrom: readonly Pick<BuiltRelease, 'applications'>[],
): string | undefined {
  const changed = applications.filter((application) =>
    upFrom.some((other) =>
      other.applications.some(
        (before) => before.name === application.name && before.version !== application.version,
      ),
    ),
  );
  const needed = [
    `releases/${name}-${version}.rel`,
    ...(upFrom.length === 0 ? [] : [`releases/${version}/relup`]),
    ...changed.map((application) => `${application.dir}/ebin/${application.name}.appup`),
  ];
  const missing = needed.find((path) => !members.has(path));
  return missing === undefined ? undefined : `${missing} is missing`;
}

function forbiddenFile({
  members,
  finished,
  release,
  upFrom,
}: {
  readonly members: ReadonlyMap<string, Member>;
  readonly finished: Package;
  readonly release: PackagedRelease;
  readonly upFrom: readonly Pick<BuiltRelease, 'version'>[];
}): string | undefined {
  const { kind } = finished;
  const names = [...members.keys()];
  const relup = `releases/${release.version}/relup`;
  if (upFrom.length === 0 && members.has(relup)) return `it holds ${relup} although nothing is upgraded from`;
  if (kind === 'upgrade') {
    const own = names.find((path) => /^(releases\/(RELEASES|start_erl\.data)$|erts-)/.test(path));
    if (own !== undefined) return `it holds ${own}, which an upgrade must not touch`;
  }
  const versions = upFrom.map(({ version }) => version);
  const [foreign] = foreignPaths(names, release, versions).keys();
  return foreign === undefined ? undefined : `${foreign} belongs to another version`;
}

function notExecutable(
  members: ReadonlyMap<string, Member>,
  { name, version }: PackagedRelease,
): string | undefined {
  const script = [`bin/${name}`, `bin/${name}-${version}`]
    .map((path) => members.get(path))
    .find((member) => member !== undefined && (member.mode & 0o100) === 0);
  return script === undefined ? undefined : `the start script ${script.name} is not executable`;
}
