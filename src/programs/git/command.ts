import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandFailedError } from '../../shared/errors.js';
import { run, type RunOptions, type RunResult } from '../exec.js';
import { formatConfig, type ConfigEntry } from './config.js';

/** Variables that would send git to another repository than the one we name. */
const ELSEWHERE = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
];

/** Fetching a whole history may take long; without any limit a dead connection would hold the job for hours. */
export const FETCH_SECONDS = 1800;

export type GitOptions = Pick<RunOptions, 'input' | 'okCodes' | 'timeoutSeconds'>;

export interface GitPlace {
  /** Where git runs. */
  readonly cwd: string;
  /** The repository, when it is not to be looked for from `cwd` upwards. */
  readonly gitDir?: string;
  /** File that stands in for the user's global configuration; see {@link globalConfig}. */
  readonly globalConfig: string;
}

/** Calls git for one repository, always with an argument vector and without prompts, pagers or translations. */
export class GitCommand {
  constructor(private readonly place: GitPlace) {}

  /** @throws {CommandFailedError} whose message ends with git's own first line of complaint. */
  async run(args: readonly string[], options: GitOptions = {}): Promise<RunResult> {
    try {
      return await run('git', args, { ...options, cwd: this.place.cwd, env: this.environment() });
    } catch (error) {
      throw error instanceof CommandFailedError ? inGitsWords(args, error) : error;
    }
  }

  /** Standard output without the newline at its end. */
  async text(args: readonly string[], options?: GitOptions): Promise<string> {
    return (await this.run(args, options)).stdout.replace(/\n$/, '');
  }

  /** Standard output as lines. */
  async lines(args: readonly string[], options?: GitOptions): Promise<string[]> {
    return (await this.run(args, options)).stdout.split('\n').filter((line) => line !== '');
  }

  private environment(): Record<string, string | undefined> {
    return {
      ...Object.fromEntries(ELSEWHERE.map((name) => [name, undefined])),
      ...(this.place.gitDir === undefined ? {} : { GIT_DIR: this.place.gitDir }),
      GIT_CONFIG_GLOBAL: this.place.globalConfig,
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_LITERAL_PATHSPECS: '1',
      LC_ALL: 'C',
      LANGUAGE: undefined,
    };
  }
}

/**
 * Text of a file for GIT_CONFIG_GLOBAL: the user's own global settings, then ours.
 *
 * Git refuses a repository that belongs to another user, the usual case in containers (H113), and takes
 * `safe.directory` from the system and global configuration only; before 2.38 not even from `-c`.
 */
export function globalConfig(safeDirectory: string, entries: readonly ConfigEntry[] = []): string {
  return formatConfig([
    ...usersGlobalConfigs().map((path) => ({ key: 'include.path', value: path })),
    { key: 'safe.directory', value: safeDirectory },
    { key: 'core.hookspath', value: '/dev/null' },
    { key: 'gc.auto', value: '0' },
    { key: 'maintenance.auto', value: 'false' },
    ...entries,
  ]);
}

/** The files git would read as the global configuration; one that does not exist is skipped by `include`. */
function usersGlobalConfigs(): string[] {
  const chosen = process.env['GIT_CONFIG_GLOBAL'];
  if (chosen !== undefined) return chosen === '' ? [] : [resolve(chosen)];
  const home = process.env['HOME'] ?? homedir();
  const xdg = process.env['XDG_CONFIG_HOME'];
  return [
    join(xdg === undefined || xdg === '' ? join(home, '.config') : xdg, 'git/config'),
    join(home, '.gitconfig'),
  ];
}

function inGitsWords(args: readonly string[], error: CommandFailedError): CommandFailedError {
  const { details, exitCode, end } = error;
  if (end.kind === 'not-started') {
    const remedy = 'Install git on the runner, or in the image of a container job (before actions/checkout).';
    return new CommandFailedError('git was not found on the PATH.', exitCode, {
      remedy,
      details,
      cause: error,
    });
  }
  const complaint = exitCode === undefined ? undefined : /^(?:fatal|error): (.*)$/m.exec(details ?? '')?.[1];
  const command = `git ${args.find((arg) => !arg.startsWith('-')) ?? ''}`;
  return new CommandFailedError(
    complaint === undefined ? `${command} ${end.text}.` : `${command} failed: ${complaint}`,
    exitCode,
    { remedy: error.remedy, details, cause: error, end },
  );
}
