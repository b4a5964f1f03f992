// A scratch repository: it borrows the objects of the user's repository and has refs, configuration and worktrees of
// its own. Tags and history are fetched into it, so that the user's `.git` is never written to, not even for a moment
// (a cancelled job leaves nothing to put right), and may be read-only or belong to another user. As it holds the
// remote's tags under their own names, `git describe`, and with it rebar3's `{vsn, git}`, works in its worktrees.
import { appendFile, copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ActionError, errorMessage } from '../../shared/errors.js';
import { GitCommand, globalConfig } from './command.js';
import { formatConfig, parseConfigList, type ConfigEntry } from './config.js';
import { exists } from '../../shared/exists.js';

export interface Scratch {
  /** Top folder of the user's work tree. */
  readonly topLevel: string;
  /** The user's git directory (`.git`). */
  readonly usersGitDir: string;
  /** The checked-out commit. */
  readonly head: string;
  /** Name of the checked-out branch; undefined when HEAD is detached. */
  readonly branch: string | undefined;
  /** For reading the user's repository. */
  readonly user: GitCommand;
  /** For reading the work tree that a folder lies in. */
  readonly in: (folder: string) => GitCommand;
  /** For the scratch repository. */
  readonly scratch: GitCommand;
}

/**
 * Settings of the user's repository that describe its own folder or its own branches; everything else (remotes,
 * credentials, filters, line ends) is taken over.
 */
const NOT_COPIED =
  /^(core\.(bare|worktree|repositoryformatversion|hookspath|sparsecheckout.*|fsmonitor|untrackedcache|splitindex|logallrefupdates)|(extensions|include|includeif|branch|submodule|gc|maintenance)\..*)$/;

/**
 * Makes a scratch repository in `folder` (created, private) for the repository that `inside` lies in.
 *
 * @throws {ActionError} when `inside` lies in no repository, or in one without a commit.
 */
export async function createScratch(inside: string, folder: string): Promise<Scratch> {
  const root = await findTopLevel(inside);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, 'gitconfig');
  await writeFile(config, globalConfig(root), { mode: 0o600 });
  const user = new GitCommand({ cwd: root, globalConfig: config });
  const topLevel = await user.text(['rev-parse', '--show-toplevel']);
  const usersGitDir = await user.text(['rev-parse', '--absolute-git-dir']);
  const head = await headCommit(user, topLevel);
  const branch = await user.text(['symbolic-ref', '--quiet', '--short', 'HEAD'], { okCodes: [0, 1] });
  const gitDir = join(folder, 'repository.git');
  const scratch = new GitCommand({ cwd: folder, gitDir, globalConfig: config });
  await initialize({ scratch, user, topLevel, gitDir });
  await copyRefs(scratch, user, head);
  return {
    topLevel,
    usersGitDir,
    head,
    branch: branch === '' ? undefined : branch,
    user,
    in: (cwd) => new GitCommand({ cwd, globalConfig: config }),
    scratch,
  };
}

/** The settings of a repository itself, without global and system ones, with its conditional includes followed. */
export async function localConfig(git: GitCommand): Promise<ConfigEntry[]> {
  return parseConfigList((await git.run(['config', '--local', '--includes', '-z', '--list'])).stdout);
}

/** The nearest folder with a `.git`: `safe.directory` must be known before git can be asked. */
async function findTopLevel(inside: string): Promise<string> {
  let start: string;
  try {
    start = await realpath(inside);
  } catch (error) {
    throw new ActionError(`The folder ${inside} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  for (let folder = start; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) {
      throw new ActionError(`${inside} is not inside a git repository.`, {
        remedy:
          'In a workflow run actions/checkout before this step, in a container that has git (without git it downloads an archive); at a desk run it in a clone of the project.',
      });
    }
  }
}

async function headCommit(user: GitCommand, topLevel: string): Promise<string> {
  const head = await user.text(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { okCodes: [0, 1] });
  if (head === '') throw new ActionError(`The git repository ${topLevel} has no commit checked out.`);
  return head;
}

async function initialize({
  scratch,
  user,
  topLevel,
  gitDir,
}: {
  readonly scratch: GitCommand;
  readonly user: GitCommand;
  readonly topLevel: string;
  readonly gitDir: string;
}): Promise<void> {
  const format = await user.text(['rev-parse', '--show-object-format']);
  await scratch.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, gitDir]);
  const path = async (name: string) => resolve(topLevel, await user.text(['rev-parse', '--git-path', name]));
  await mkdir(join(gitDir, 'objects/info'), { recursive: true });
  await writeFile(join(gitDir, 'objects/info/alternates'), `${await path('objects')}\n`);
  const shallow = await path('shallow');
  if (await exists(shallow)) await copyFile(shallow, join(gitDir, 'shallow'));
  const settings = (await localConfig(user))
    .filter(({ key }) => !NOT_COPIED.test(key))
    .map((entry) => fromTopLevel(entry, topLevel));
  await appendFile(join(gitDir, 'config'), formatConfig(settings));
}

/** A remote given by a relative path is relative to the user's work tree, not to ours. */
function fromTopLevel({ key, value }: ConfigEntry, topLevel: string): ConfigEntry {
  return /^remote\..*\.url$/.test(key) && /^\.{1,2}\//.test(value)
    ? { key, value: resolve(topLevel, value) }
    : { key, value };
}

/**
 * HEAD is detached first, so that it names no branch any more: in a new repository it names git's default branch
 * (`master`, or what `init.defaultBranch` says), which cannot be made together with it where the user has one (H123).
 */
async function copyRefs(scratch: GitCommand, user: GitCommand, head: string): Promise<void> {
  await scratch.run(['update-ref', '--no-deref', 'HEAD', head]);
  const format = '--format=create %(refname) %(objectname)';
  const creates = await user.lines(['for-each-ref', format, 'refs/heads', 'refs/remotes', 'refs/tags']);
  await scratch.run(['update-ref', '--stdin'], { input: creates.map((line) => `${line}\n`).join('') });
}
