import type { GitCommand } from './command.js';

/** A file as a commit has it. */
export interface CommittedFile {
  /** Relative to the repository's top folder. */
  readonly path: string;
  /** `regular`; everything else (symbolic links, submodules) is `other`. */
  readonly kind: 'regular' | 'other';
  /** The name of its content: files with the same one are equal. */
  readonly object: string;
  /** In bytes; 0 for a submodule. */
  readonly size: number;
}

/** `<mode> <type> <object> <size>\t<path>` */
const ENTRY = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s;

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

  /** All files of the checked-out commit. */
  async files(): Promise<CommittedFile[]> {
    const listing = await this.git.text(['ls-tree', '-r', '-z', '--long', '--full-tree', 'HEAD']);
    return listing
      .split('\0')
      .filter((record) => record !== '')
      .map((record) => {
        const [, mode = '', object = '', size = '', path = ''] = ENTRY.exec(record) ?? [];
        return { path, kind: mode.startsWith('100') ? 'regular' : 'other', object, size: Number(size) || 0 };
      });
  }

  /** The lines of the commit's files in this folder that match an extended regular expression, with the path of their file. */
  async matchingLines(pattern: string): Promise<{ path: string; line: string }[]> {
    const args = ['grep', '--text', '--no-color', '--null', '--extended-regexp', '-e', pattern, 'HEAD', '--'];
    return (await this.git.lines(args, { okCodes: [0, 1] })).map((record) => {
      const [, path = '', line = ''] = /^HEAD:(.*?)\0(.*)$/s.exec(record) ?? [];
      return { path, line };
    });
  }

  /** Whether the folder's `_checkouts` holds anything that git does not track, and that a worktree therefore lacks. */
  async hasUntrackedCheckouts(): Promise<boolean> {
    const args = ['ls-files', '-z', '--others', '--directory', '--no-empty-directory', '--', '_checkouts'];
    return (await this.git.text(args)) !== '';
  }
}
