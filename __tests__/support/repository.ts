import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository that the tests themselves belong to. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** A fresh private folder; the caller removes it. */
export function temporaryFolder(prefix = 'relup-test-', parent = tmpdir()): string {
  return realpathSync(mkdtempSync(join(parent, prefix)));
}

/** A real git repository made at test time. */
export class TestRepository {
  private constructor(readonly dir: string) {}

  static create(dir = temporaryFolder()): TestRepository {
    mkdirSync(dir, { recursive: true });
    const repository = new TestRepository(dir);
    repository.git('init', '--quiet', '--initial-branch=main');
    repository.git('config', 'user.name', 'Tester');
    repository.git('config', 'user.email', 'tester@example.invalid');
    repository.git('config', 'commit.gpgsign', 'false');
    return repository;
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: this.dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(files: Readonly<Record<string, string>>): this {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.dir, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return this;
  }

  /** Copies a folder over the work tree. */
  copy(folder: string, to = '.'): this {
    cpSync(folder, join(this.dir, to), { recursive: true });
    return this;
  }

  /** Commits everything and returns the commit. `date` is an ISO date for author and committer. */
  commit(message: string, date?: string): string {
    this.git('add', '--all');
    const env = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    execFileSync('git', ['commit', '--quiet', '--allow-empty', '-m', message], {
      cwd: this.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    return this.git('rev-parse', 'HEAD');
  }

  tag(name: string, options: { annotated?: boolean; at?: string } = {}): this {
    const at = options.at ?? 'HEAD';
    this.git(...(options.annotated ? ['tag', '-a', '-m', name, name, at] : ['tag', name, at]));
    return this;
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** The how-to's repository: examples/helloworld with tags 0.1.0 and 0.2.0, 0.2.0 checked out. */
export function helloworldRepository(dir?: string): TestRepository {
  const repository = TestRepository.create(dir);
  for (const version of ['0.1.0', '0.2.0']) {
    repository.copy(join(projectRoot, 'examples/helloworld', version));
    repository.write({ '.gitignore': '_build/\n' });
    repository.commit(version);
    repository.tag(version);
  }
  return repository;
}
