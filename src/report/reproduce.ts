import { basename } from 'node:path';
import { rebar3Arguments } from '../shared/rebar3-arguments.js';
import { defined } from '../shared/optional.js';
import type { BuildSettings, RunRecord } from './run-record.js';

type UpFrom = NonNullable<RunRecord['upFrom']>[number];

/**
 * Shell commands that make the same releases and the same relup from a clone of the repository and the full package,
 * without this action (H117); undefined when no relup was made. Pure.
 */
export function reproduction(record: RunRecord): string | undefined {
  const { release, upFrom, relup, refs, packages, build } = record;
  if (!release || !upFrom || !relup || !refs || !packages || !build) return undefined;
  const { name, version } = release;
  const steps = [
    '# in a clone of the repository, with the OTP and rebar3 named below, and the full package there',
    ...upFrom.flatMap((one) => upFromSteps(one, build, name)),
    '# the new release with the appups that were chosen, and the relup from both',
    `mkdir new && tar -xzf ${quoted(basename(packages.full.path))} -C new`,
    `erl -noinput -eval ${quoted(relupCall(name, version, upFrom))}`,
    `cmp relup new/releases/${version}/relup`,
    '# the new release from its sources',
    ...buildSteps({ folder: 'build-new', commit: refs.newCommit, build, task: 'tar' }),
  ];
  return steps.join('\n');
}

/** Names and versions were checked, so they need no quoting in Erlang. */
function relupCall(name: string, version: string, upFrom: readonly UpFrom[]): string {
  const rels = upFrom.map((one) => `"old-${one.version}/releases/${one.version}/${name}"`).join(', ');
  const paths = ['new', ...upFrom.map((one) => `old-${one.version}`)].map((dir) => `"${dir}/lib/*/ebin"`);
  const options = `[silent, {path, [${paths.join(', ')}]}, {outdir, "."}]`;
  return `{ok, _, _, _} = systools:make_relup("new/releases/${version}/${name}", [${rels}], [${rels}], ${options}), halt().`;
}

function upFromSteps({ version, source }: UpFrom, build: BuildSettings, name: string): string[] {
  const old = `old-${version}`;
  if (source.kind === 'tarball') {
    const { path, published } = source;
    const file = quoted(basename(path));
    return [
      ...(published === undefined
        ? [`# ${version}: the package that was given`]
        : [
            `# ${version}: the package of its GitHub release`,
            `gh release download ${quoted(published.tag)} --pattern ${file}`,
          ]),
      `mkdir ${old} && tar -xzf ${file} -C ${old}`,
    ];
  }
  const folder = `build-${version}`;
  const assembled = joined(
    folder,
    build.projectPath,
    '_build',
    build.profile.replaceAll(',', '+'),
    'rel',
    name,
  );
  return [
    ...buildSteps({ folder, commit: source.commit, build, task: 'release' }),
    `ln -s ${quoted(assembled)} ${old}`,
  ];
}

function buildSteps({
  folder,
  commit,
  build,
  task,
}: {
  readonly folder: string;
  readonly commit: string;
  readonly build: BuildSettings;
  readonly task: 'release' | 'tar';
}): string[] {
  const { profile, release } = build;
  const project = quoted(joined(folder, build.projectPath));
  return [
    `git worktree add --detach ${folder} ${commit}`,
    ...(build.prepared ? [`# in ${project}, the command of the input prepare`] : []),
    `(cd ${project} && rebar3 ${rebar3Arguments(task, { profile, ...defined({ release }) }).join(' ')})`,
  ];
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

/** One word of a shell command, whatever is in it. */
function quoted(text: string): string {
  return /^[\w./+~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that comes to the same failure at a desk; undefined when the run did not get as far as knowing what is built, or
 * was a deploy. Pure.
 */
export function atDesk(record: RunRecord): string | undefined {
  const { failure, refs, build, toolchain, deployed, nodeState } = record;
  if (!failure || !refs || !build || deployed || nodeState !== undefined) return undefined;
  const upFrom = refs.upFrom.map((one) => (one.kind === 'ref' ? one.commit : one.path));
  const options = [
    ...(build.projectPath === '' ? [] : ['--working-directory', build.projectPath]),
    ...(build.profile === 'prod' ? [] : ['--profile', build.profile]),
    ...(build.release === undefined ? [] : ['--release', build.release]),
    ...(upFrom.length === 0 ? [] : ['--upgrade-from', upFrom.join(',')]),
  ];
  const command = record.change === undefined ? 'rehearse' : 'check';
  const { newCommit } = refs;
  const other = 'and the other inputs of the step, as options of the same names';
  return [
    `# in a clone${toolchain === undefined ? '' : `, with OTP ${toolchain.otpVersion} and rebar3 ${toolchain.rebar3} on the PATH`}; ${other}`,
    `git fetch origin ${newCommit} && git checkout --detach ${newCommit}`,
    ['npx', 'relup-action', command, ...options.map(quoted)].join(' '),
  ].join('\n');
}
