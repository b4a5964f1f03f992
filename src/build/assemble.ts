import { info } from '@actions/core';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInputError } from '../shared/errors.js';
import type { Finding } from '../model/finding.js';
import { defined } from '../shared/optional.js';
import { neutralise } from '../shared/workflow-commands.js';
import { prepareWorktree } from './prepare-command.js';
import { checkAssembled } from './release-checks.js';
import { buildWithRebar3 } from './rebar3-build.js';
import { placeOf, worktreeFolder, type Assembly, type BuildContext, type Version } from './version.js';
import { exists } from '../shared/exists.js';

/** What relx says of every module of OTP that comes without its source: nobody can act on it. */
const NOISE = /Source code not found/;

/** A worktree for one version: the user's own tree is never built in (design decision 3). */
export async function addWorktree(context: BuildContext, version: Version): Promise<string> {
  const dir = await worktreeFolder(context, version);
  await (context.checkouts?.get(version.commit) ?? context.git.addWorktree(dir, version.commit));
  const projectDir = join(dir, context.projectPath);
  const found = await Promise.all(
    ['rebar.config', 'rebar.config.script'].map((name) => exists(join(projectDir, name))),
  );
  if (!found.includes(true)) throw await withoutConfiguration(context, version, projectDir);
  return projectDir;
}

async function withoutConfiguration(
  { projectPath }: BuildContext,
  { ref }: Version,
  projectDir: string,
): Promise<BadInputError> {
  const folder = projectPath === '' ? 'the top folder of the repository' : `the folder ${projectPath}`;
  if (await exists(join(projectDir, 'mix.exs'))) {
    return new BadInputError(`In ${folder} at ${ref} there is a mix.exs but no rebar.config.`, {
      remedy:
        'relup-action builds rebar3 projects. For Mix see docs/comparison.md; if a rebar3 project lies elsewhere in the repository, set the input `working-directory` to its folder.',
    });
  }
  return new BadInputError(`There is no rebar.config in ${folder} at ${ref}.`, {
    remedy: 'Set the input `working-directory` to the folder where rebar.config is.',
  });
}

/**
 * Assembles and packs one version with one rebar3 call in its worktree. The new version's output is shown as it comes, an up-from
 * version's only when it fails.
 */
export async function assemble(
  context: BuildContext,
  version: Version,
  { dir: projectDir, alone }: { readonly dir: string; readonly alone: { readonly relxAlone: boolean } },
): Promise<Assembly> {
  const at = placeOf(version);
  const lock = await lockFile(projectDir);
  const leftOut = await buildWithRebar3({
    context,
    version,
    cwd: projectDir,
    at,
    onLine: shownLines(version),
    relxAlone: alone.relxAlone,
  });
  const root = await assembledFolder(context, projectDir, at);
  await checkAssembled(root, at, context.profile);
  return {
    projectDir,
    root,
    findings: [
      ...leftOut,
      ...(lock === (await lockFile(projectDir)) ? [] : lockFindings(context, version, at)),
    ],
    buildDir: join(root, '..', '..'),
    tarball: await tarballIn(root, at),
  };
}

/** Of an up-from version nothing is shown: its warnings must not land as annotations on the new commit. */
function shownLines({ role, raised }: Version): ((line: string) => void) | undefined {
  // Nor twice.
  if (role === 'up-from' || raised !== undefined) return undefined;
  return (line) => {
    if (!NOISE.test(line)) info(neutralise(line));
  };
}

/** Runs the user's `prepare` command in a version's project folder. @throws {ActionError} when it fails */
export async function prepare(context: BuildContext, version: Version, cwd: string): Promise<void> {
  const scriptFile = join(await context.workspace.folder('prepare'), `${version.commit.slice(0, 12)}.sh`);
  const env = { RELUP_REF: version.ref, RELUP_COMMIT: version.commit, RELUP_ROLE: version.role };
  const command = { command: context.prepare, cwd, scriptFile, env, at: placeOf(version) };
  await prepareWorktree({ ...command, ...defined({ onLine: shownLines(version) }) });
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
    const found =
      name === undefined ? 'there is no release' : `there are several releases (${assembled.join(', ')})`;
    throw new BadInputError(`rebar3 succeeded at ${at}, but ${found} below _build/${context.profile}/rel.`, {
      remedy:
        "Leave relx's output_dir at its default, and set the input `release` when several are assembled.",
    });
  }
  return join(rel, name);
}

/** The package that `rebar3 tar` leaves beside the release's folders; the worktree is new, so there is only one. */
async function tarballIn(root: string, at: string): Promise<string> {
  const [tarball] = (await readdir(root)).filter((name) => name.endsWith('.tar.gz'));
  if (tarball !== undefined) return join(root, tarball);
  throw new BadInputError(`rebar3 succeeded at ${at}, but made no release package below ${basename(root)}.`, {
    remedy: 'Remove hooks and options of `rebar3 tar` that move the package.',
  });
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
