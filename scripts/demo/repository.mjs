// An example's git repository, and a checkout of one of its tags as actions/checkout makes it.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownEnvironment } from './commands.mjs';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** The user's own settings (signing, hooks, templates) stay out of it. */
function gitEnvironment() {
  const entries = Object.entries(ownEnvironment()).filter(([name]) => !name.startsWith('GIT_'));
  return {
    ...Object.fromEntries(entries),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Demo',
    GIT_AUTHOR_EMAIL: 'demo@example.invalid',
    GIT_COMMITTER_NAME: 'Demo',
    GIT_COMMITTER_EMAIL: 'demo@example.invalid',
  };
}

/**
 * Makes a repository with a commit and a tag for each version of an example.
 * @param {import('./commands.mjs').Commands} commands
 * @param {string} folder
 * @param {readonly string[]} versions
 * @param {string} nodeName
 * @param {string} [example] its folder in examples
 */
export async function makeRepository(commands, folder, versions, nodeName, example = 'helloworld') {
  const git = (...args) => commands.run('git', args, { cwd: folder, env: gitEnvironment() });
  await mkdir(folder);
  await git('init', '--quiet', '--initial-branch=main');
  for (const version of versions) {
    await git('rm', '-r', '--quiet', '--ignore-unmatch', '.');
    await writeFile(join(folder, '.gitignore'), '_build/\n');
    await cp(join(examples, example, version), folder, { recursive: true });
    await nameNode(join(folder, 'config/vm.args'), nodeName);
    await git('add', '--all');
    await git('commit', '--quiet', '-m', `${example} ${version}`);
    await git('tag', version);
  }
}

/**
 * Gives the node a name of its own, so that two demos at once do not collide, and keeps it to this machine.
 * @param {string} vmArgs
 * @param {string} nodeName
 */
async function nameNode(vmArgs, nodeName) {
  const text = await readFile(vmArgs, 'utf8');
  const flags = `-sname ${nodeName}\n-kernel inet_dist_use_interface {127,0,0,1}`;
  await writeFile(vmArgs, text.replace(/^-sname .*$/m, flags));
}

/**
 * Checks a tag out as actions/checkout does when it is given no inputs: one commit, one tag, no history.
 * @param {import('./commands.mjs').Commands} commands
 * @param {string} repository
 * @param {string} folder
 * @param {string} tag
 * @returns {Promise<string>} the commit
 */
export async function checkOutTag(commands, repository, folder, tag) {
  const git = (...args) => commands.run('git', args, { cwd: folder, env: gitEnvironment() });
  await mkdir(folder);
  await git('init', '--quiet');
  await git('remote', 'add', 'origin', `file://${repository}`);
  await git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+refs/tags/${tag}:refs/tags/${tag}`);
  await git('checkout', '--quiet', '--force', `refs/tags/${tag}`);
  return git('rev-parse', 'HEAD');
}

/**
 * Everything in a work tree that is not committed, ignored files included.
 * @param {import('./commands.mjs').Commands} commands
 * @param {string} folder
 */
export function uncommitted(commands, folder) {
  const args = ['status', '--porcelain', '--ignored', '--untracked-files=all'];
  return commands.run('git', args, { cwd: folder, env: gitEnvironment() });
}
