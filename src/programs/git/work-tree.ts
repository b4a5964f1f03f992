import type { GitCommand } from './command.js';

/** What git knows about the files of one checked-out folder: the user's, or a worktree's. */
export class WorkTree {
  /** @param git runs in the folder */
  constructor(private readonly git: GitCommand) {}

  /**
   * Tracked files that differ from the checked-out commit, anywhere in the work tree, relative to its top. Submodules
   * with changes or at another commit are among them.
   */
  async modifiedFiles(): Promise<string[]> {
    const status = [
      'status',
      '--porcelain=v1',
      '-z',
      '--untracked-files=no',
      '--ignore-submodules=untracked',
    ];
    const { stdout } = await this.git.run(['-c', 'core.fsmonitor=false', ...status]);
    const records = stdout.split('\0').filter((record) => record !== '');
    const files: string[] = [];
    for (let record = records.shift(); record !== undefined; record = records.shift()) {
      files.push(record.slice(3));
      // A renamed or copied file is followed by the name it had.
      if (/^.?[RC]/.test(record)) files.push(records.shift() ?? '');
    }
    return files.sort();
  }

  /** The checked-out commit as its nearest tag, the commits since, and its hash: what versions from git are made of. */
  async describe(): Promise<string> {
    return this.git.text(['describe', '--tags', '--long', '--always', 'HEAD']);
  }

  /** Whether the folder's `_checkouts` holds anything that git does not track, and that a worktree therefore lacks. */
  async hasUntrackedCheckouts(): Promise<boolean> {
    const args = ['ls-files', '-z', '--others', '--directory', '--no-empty-directory', '--', '_checkouts'];
    return (await this.git.text(args)) !== '';
  }
}
