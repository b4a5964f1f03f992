// The committed bundles, started as a runner starts them: by the action's own Node, with nothing but the environment.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot, temporaryFolder } from '../support/repository.js';

const dist = join(projectRoot, 'dist');
const node = join(projectRoot, 'node_modules/node/bin/node');

const REFUSED =
  '::error title=relup-action::relup-action needs Node 22.13 or newer; the one of this job is 20.19.0.%0A' +
  'Run the job in an image with Node 24, e.g. `container: node:24-bookworm`.\n';

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(node, args, { cwd, env: { PATH: process.env.PATH, ...env } }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}

function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file))
    .sort();
}

/** What an action's entry loads before it knows the version of Node, and what it loads then, before its inputs are read. */
function loadedByEntry(action: string): { readonly entry: string; readonly main: string } {
  const index = join(dist, action, 'index.mjs');
  const entry = textOf(loadedAtStart(index));
  const [, main = ''] = /import\("(\.[^"]+)"\)/.exec(readFileSync(index, 'utf8')) ?? [];
  return { entry, main: textOf(loadedAtStart(join(dirname(index), main))) };
}

function textOf(files: ReadonlySet<string>): string {
  return [...files].map((file) => readFileSync(file, 'utf8')).join('');
}

/** A file and what it loads before its first statement runs. */
function loadedAtStart(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/^(?:import|\} from) "(\.[^"]+)";$/gm)) {
    loadedAtStart(join(dirname(file), path as string), seen);
  }
  return seen;
}

describe('each bundle', () => {
  let workspace: string;
  beforeEach(() => {
    workspace = temporaryFolder();
  });
  afterEach(() => {
    rmSync(workspace, { recursive: true, force: true });
  });

  const runner = () => ({ GITHUB_WORKSPACE: workspace, RUNNER_TEMP: workspace });

  it('is tested here', () => {
    const entries = filesBelow(dist, /^[^/]+\/index\.mjs$/);
    const names = [
      'cache',
      'cleanup',
      'cli',
      'deploy-as-user',
      'deploy-over-ssh',
      'deploy',
      'relup',
      'rolling',
    ];
    expect(entries).toEqual(names.map((name) => `${name}/index.mjs`));
  });

  it('relup names a bad input', async () => {
    const outcome = await start(
      [join(dist, 'relup/index.mjs')],
      { ...runner(), INPUT_UPLOAD: 'perhaps' },
      workspace,
    );
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toBe('');
    expect(outcome.stdout).toMatch(/^::error[^\n]*`upload`[^\n]*perhaps[^\n]*\n$/);
  });

  it('cache answers in the file that it is told, where there is no cache service, too', async () => {
    const [request, answer] = [join(workspace, 'request'), join(workspace, 'answer')];
    const folder = join(workspace, 'entry');
    writeFileSync(request, JSON.stringify({ task: 'restore', key: 'relup-v2-x', folder, files: [], answer }));
    const outcome = await start([join(dist, 'cache/index.mjs'), request], runner(), workspace);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    expect(outcome.stdout).toBe('There is no cache service here; nothing is looked up or saved.\n');
    expect(readFileSync(answer, 'utf8')).toBe('false');
  });

  it('relup says that there is no repository', async () => {
    const outcome = await start(
      [join(dist, 'relup/index.mjs')],
      { ...runner(), INPUT_UPLOAD: 'false' },
      workspace,
    );
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toMatch(/^::error[^\n]*repository/m);
  });

  it('deploy names a bad input', async () => {
    const env = { ...runner(), 'INPUT_DEPLOY-ROOT': workspace, 'INPUT_RUN-AS': '#0' };
    const outcome = await start([join(dist, 'deploy/index.mjs')], env, workspace);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toMatch(/^::error[^\n]*`run-as`[^\n]*#0[^\n]*\n$/);
  });

  it('deploy says that there is no package', async () => {
    const env = { ...runner(), 'INPUT_DEPLOY-ROOT': workspace, INPUT_PACKAGE: join(workspace, 'none') };
    const outcome = await start([join(dist, 'deploy/index.mjs')], env, workspace);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toMatch(/^::error[^\n]*`package` is/m);
  });

  it('deploy-as-user does nothing that it was not handed over', async () => {
    const outcome = await start([join(dist, 'deploy-as-user/index.mjs'), workspace], runner(), workspace);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('request.json');
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('deploy-over-ssh does nothing that was not brought to it, and leaves nothing', async () => {
    const folder = join(workspace, 'brought');
    mkdirSync(folder);
    const outcome = await start([join(dist, 'deploy-over-ssh/index.mjs'), folder], runner(), workspace);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain('request.json');
    expect(readdirSync(workspace)).toEqual([]);
  });

  it('rolling names a bad input', async () => {
    const env = { ...runner(), INPUT_STEP: 'fly' };
    const outcome = await start([join(dist, 'rolling/index.mjs')], env, workspace);
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toMatch(/^::error[^\n]*`step`[^\n]*fly[^\n]*\n$/);
  });

  it.each([
    ['relup', 1, REFUSED],
    ['deploy', 1, REFUSED],
    ['rolling', 1, REFUSED],
    ['cleanup', 0, ''],
  ])('%s says which Node it needs', async (action, exitCode, stdout) => {
    // Node 18 and 20 themselves answer so, too; what they load before is looked at below
    const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`;
    const args = ['--import', `data:text/javascript,${encodeURIComponent(older)}`];
    const outcome = await start([...args, join(dist, action, 'index.mjs')], runner(), workspace);
    expect(outcome).toEqual({ exitCode, stdout, stderr: '' });
  });

  it('cli lists its commands', async () => {
    const outcome = await start([join(dist, 'cli/index.mjs'), '--help'], {}, workspace);
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
    for (const command of ['check', 'build', 'rehearse', 'deploy', 'status']) {
      expect(outcome.stdout).toContain(`\n  ${command} `);
    }
  });

  it('cleanup has nothing to do after a run that did nothing', async () => {
    const outcome = await start([join(dist, 'cleanup/index.mjs')], runner(), workspace);
    expect(outcome).toEqual({ exitCode: 0, stdout: 'Nothing to clean up.\n', stderr: '' });
  });

  it.each(filesBelow(dist, /\.mjs$/).filter((file) => file.startsWith('chunks/')))(
    '%s loads, with what CommonJS packages in it require',
    async (chunk) => {
      const outcome = await start(
        ['--input-type=module', '-e', `await import(${JSON.stringify(join(dist, chunk))})`],
        {},
        workspace,
      );
      expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    },
  );
});

describe('dist', () => {
  it('keeps every bundle one folder deep, where ../erlang/ is found', () => {
    const depths = filesBelow(dist, /\.mjs$/).map((file) => file.split('/').length);
    expect(new Set(depths)).toEqual(new Set([2]));
  });

  it('holds the Erlang sources as they are in src', () => {
    const sources = (folder: string) =>
      filesBelow(join(projectRoot, folder), /\.(erl|eval)$/).map((file) => [
        file,
        readFileSync(join(projectRoot, folder, file), 'utf8'),
      ]);
    expect(sources('dist/erlang')).toEqual(sources('src/erlang'));
  });

  it.each(['relup', 'deploy', 'rolling', 'cleanup'])('%s loads little before it runs', (action) => {
    const { entry, main } = loadedByEntry(action);
    // 25 KB now; @actions/core's HTTP client alone would be 30 times that.
    expect(entry.length + main.length).toBeLessThan(100_000);
    expect(main).toContain('process.env');
    expect(main).not.toMatch(/^(import .* from |import )"(node:)?(crypto|http|https|net|tls)";$/m);
  });

  it.each(['relup', 'deploy', 'rolling', 'cleanup', 'cli'])(
    '%s loads next to nothing before it knows that Node can read the rest',
    (action) => expect(loadedByEntry(action).entry.length).toBeLessThan(5000),
  );

  it('names the licence of every package that is bundled', () => {
    const named = readFileSync(join(dist, 'licenses.txt'), 'utf8');
    const bundled = new Set<string>();
    for (const file of filesBelow(dist, /\.mjs$/)) {
      const paths = readFileSync(join(dist, file), 'utf8').matchAll(/^\/\/ node_modules\/(.*)$/gm);
      for (const [, path] of paths) {
        const inner = (path as string).split('node_modules/').at(-1) as string;
        bundled.add(
          inner
            .split('/')
            .slice(0, inner.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      }
    }
    expect(bundled.size).toBeGreaterThan(10);
    expect([...bundled].filter((name) => !named.includes(` - ${name}@`))).toEqual([]);
  });

  it.each(['action.yml', 'deploy/action.yml'].filter((file) => existsSync(join(projectRoot, file))))(
    '%s starts files that exist',
    (file) => {
      const text = readFileSync(join(projectRoot, file), 'utf8');
      const started = [...text.matchAll(/^ +(?:main|post): *(\S+)$/gm)].map(([, path]) => path as string);
      expect(started.length).toBeGreaterThan(0);
      expect(started.filter((path) => !existsSync(join(projectRoot, dirname(file), path)))).toEqual([]);
    },
  );
});
