import { info } from '@actions/core';
import { access, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import type { Git } from '../programs/git.js';
import { copyCache, rebar3 } from '../programs/rebar3.js';
import { BadInputError, CommandFailedError } from '../shared/errors.js';
import type { Finding } from '../shared/findings.js';
import { defined } from '../shared/optional.js';
import type { BuiltRelease } from '../shared/release.js';
import { neutralise } from '../shared/workflow-commands.js';
import type { Workspace } from '../shared/workspace.js';
import { explainBuildFailure } from './build-failure.js';
import { prepareWorktree } from './prepare.js';
import { checkAssembled, checkRelease, type ReleaseDescription } from './release-checks.js';

/** One version to build from the repository. */
export interface Version {
  readonly ref: string;
  readonly commit: string;
  /** The release tag, when `ref` is one: the built release version must agree with it (H6, H40). */
  readonly tag?: string;
  readonly role: 'new' | 'up-from';
}

export interface BuildContext {
  readonly git: Git;
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  readonly profile: string;
  /** Release name; needed only when the configuration defines several. */
  readonly release?: string;
  /** The user's `prepare` command; empty for none. */
  readonly prepare: string;
  /** The project folder relative to the repository's top. */
  readonly projectPath: string;
}

/** A release assembled by rebar3 in its own worktree. */
export interface Assembled extends BuiltRelease {
  readonly source: Extract<BuiltRelease['source'], { kind: 'ref' }>;
  readonly findings: readonly Finding[];
}

/** A worktree for one version: the user's own tree is never built in (design decision 3). */
export async function addWorktree(context: BuildContext, version: Version): Promise<string> {
  const dir = join(await context.workspace.folder('build'), version.commit.slice(0, 12));
  await context.git.addWorktree(dir, version.commit);
  const projectDir = join(dir, context.projectPath);
  const found = await Promise.all(
    ['rebar.config', 'rebar.config.script'].map((name) => exists(join(projectDir, name))),
  );
  if (!found.includes(true)) {
    const folder =
      context.projectPath === '' ? 'the top folder of the repository' : `the folder ${context.projectPath}`;
    throw new BadInputError(`There is no rebar.config in ${folder} at ${version.ref}.`, {
      remedy: 'Set the input `working-directory` to the folder where rebar.config is.',
    });
  }
  return projectDir;
}

/**
 * Builds one version with one rebar3 call in its worktree. The new version's output is shown as it comes, an up-from
 * version's only when it fails: its warnings must not land as annotations on the new commit.
 *
 * @param task `tar` also makes the release package; `release` only assembles
 */
export async function buildVersion(
  context: BuildContext,
  version: Version,
  projectDir: string,
  task: 'release' | 'tar',
): Promise<Assembled> {
  const at = version.tag === undefined ? version.ref : `tag ${version.tag}`;
  const onLine = version.role === 'new' ? (line: string) => info(neutralise(line)) : undefined;
  if (context.prepare.trim() !== '') {
    const scriptFile = join(await context.workspace.folder('prepare'), `${version.commit.slice(0, 12)}.sh`);
    const env = { RELUP_REF: version.ref, RELUP_COMMIT: version.commit, RELUP_ROLE: version.role };
    await prepareWorktree({
      command: context.prepare,
      cwd: projectDir,
      scriptFile,
      env,
      at,
      ...defined({ onLine }),
    });
  }
  const lock = await lockFile(projectDir);
  await runRebar3(context, version, projectDir, task, at, onLine);
  const root = await assembledFolder(context, projectDir, at);
  await checkAssembled(root, at, context.profile);
  const description = await context.erlang.query<ReleaseDescription>('describe', [root]);
  checkRelease(description, at, version.tag);
  return {
    ...toBuiltRelease(description, root),
    source: { kind: 'ref', ref: version.ref, commit: version.commit, projectDir },
    findings: lock === (await lockFile(projectDir)) ? [] : lockFindings(context, version, at),
    ...(task === 'tar' ? { tarball: join(root, `${description.name}-${description.version}.tar.gz`) } : {}),
  };
}

/** The part of a description that the later phases use. */
export function toBuiltRelease(
  description: ReleaseDescription,
  root: string,
): Omit<BuiltRelease, 'source' | 'tarball'> {
  const { name, version, erts, includesErts } = description;
  const applications = description.applications.map(({ name, version, dir, modules }) => ({
    name,
    version,
    dir,
    modules,
  }));
  return { root, name, version, erts, includesErts, applications };
}

async function runRebar3(
  context: BuildContext,
  version: Version,
  cwd: string,
  task: 'release' | 'tar',
  at: string,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  // Two rebar3 at once write the same download cache, so the up-from builds get a copy of it.
  const cacheDir =
    version.role === 'new'
      ? undefined
      : await copyCache(await context.workspace.folder('rebar3-cache', version.commit.slice(0, 12)));
  try {
    await rebar3(task, {
      cwd,
      profile: context.profile,
      ...defined({ release: context.release, cacheDir, onLine }),
    });
  } catch (error) {
    if (error instanceof CommandFailedError) throw explainBuildFailure(error, at, await crashDump(cwd));
    throw error;
  }
}

/** rebar3 prints only that it crashed; why (e.g. in which plugin) stands in a file. */
async function crashDump(projectDir: string): Promise<string> {
  return readFile(join(projectDir, 'rebar3.crashdump'), 'utf8').catch(() => '');
}

/** Where rebar3 put the release: `_build/<profiles>/rel/<name>`. */
async function assembledFolder(context: BuildContext, projectDir: string, at: string): Promise<string> {
  const rel = join(projectDir, '_build', context.profile.replaceAll(',', '+'), 'rel');
  const names = (await exists(rel)) ? await readdir(rel) : [];
  const assembled = [];
  for (const name of names) {
    if (await exists(join(rel, name, 'releases', 'start_erl.data'))) assembled.push(name);
  }
  const [name, ...others] = assembled;
  if (name === undefined || others.length > 0) {
    const found = name === undefined ? 'no release' : `several releases (${assembled.join(', ')})`;
    throw new BadInputError(
      `rebar3 succeeded at ${at}, but there is ${found} below _build/${context.profile}/rel.`,
      {
        remedy:
          "Leave relx's output_dir at its default, and set the input `release` when several are assembled.",
      },
    );
  }
  return join(rel, name);
}

async function lockFile(projectDir: string): Promise<string> {
  return readFile(join(projectDir, 'rebar.lock'), 'utf8').catch(() => '');
}

/** H13: a build that changes the lock file did not build what was committed. */
function lockFindings(context: BuildContext, version: Version, at: string): Finding[] {
  const file = join(context.projectPath, 'rebar.lock');
  return [
    {
      id: 'lock-changed',
      severity: 'warning',
      message: `rebar3 changed ${file} while building ${at}: the dependencies built are not the ones that were committed.`,
      remedy: 'Run `rebar3 lock` with the same rebar3 version and commit rebar.lock.',
      ...(version.role === 'new' ? { location: { file } } : {}),
    },
  ];
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
