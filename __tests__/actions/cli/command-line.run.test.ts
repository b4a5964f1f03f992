import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommandLine, runOnTerminal } from '../../support/command-line.js';
import { folder, keep, removeKept } from '../../support/failures.js';
import { plainProject, serverApplication } from '../../support/projects.js';
import { TestRepository } from '../../support/repository.js';

afterAll(removeKept);

/** How a terminal is told to write in colour. */
const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');

/** As somebody has it who has just cloned the repository. */
function freshClone(files: Record<string, string> = {}): TestRepository {
  const origin = keep(plainProject());
  if (Object.keys(files).length > 0) origin.write(files).commit('A change');
  const dir = join(folder(), 'clone');
  execFileSync('git', ['clone', '--quiet', origin.dir, dir]);
  return TestRepository.create(dir);
}

const other = (answer: string): Record<string, string> => ({
  'src/app.erl': serverApplication('app', '1.1.0', answer)['src/app.erl'] as string,
});

test('check in a pipe: plain lines, the commit as a workflow run would take it, 0, and nothing left', async () => {
  const clone = freshClone(other('newer'));
  clone.write(other('unsaved'));
  const { status, stdout, stderr } = await runCommandLine(clone.dir, ['check', '--appups', 'require']);
  expect(stderr).toBe('');
  expect(status, stdout).toBe(1);
  expect(stdout).toContain('error: No hot upgrade: No valid appup for app 1.1.0 → 1.1.1');
  const good = await runCommandLine(clone.dir, ['check']);
  expect(good.status, good.stdout).toBe(0);
  expect(good.stdout).toContain('== Build\n');
  expect(good.stdout).toMatch(
    /^warning: The commit [0-9a-f]{7} is checked, as a workflow run would; changes that are not committed are left out: src\/app\.erl\.$/m,
  );
  expect(good.stdout).toMatch(
    /^notice: Hot: a node that runs 1\.1\.0 can be upgraded to this change, .* \(src\/app\.erl\)\n {2}Before you tag, raise/m,
  );
  // Nothing for a runner, and no colours of ours.
  expect(good.stdout).not.toMatch(/^::/m);
  expect(clone.git('status', '--porcelain')).toBe('M src/app.erl');
  expect(existsSync(join(clone.dir, '_build'))).toBe(false);
});

test('build --json: the report alone on standard output, the packages in a folder, no tracked file left behind', async () => {
  const clone = freshClone();
  const { status, stdout, stderr } = await runCommandLine(clone.dir, ['build', '--json']);
  expect(status, stderr).toBe(0);
  const target = join(clone.dir, '_build/relup');
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'unproven',
    manifest: join(target, 'app-1.1.0.manifest.json'),
    packages: { full: { path: join(target, 'app-1.1.0.tar.gz') } },
  });
  expect(stderr).toContain('app 1.1.0, from 1.0.0: made and checked, not rehearsed');
  expect(readdirSync(target)).toContain('app-1.1.0.upgrade.tar.gz');
  expect(readFileSync(join(target, 'report.json'), 'utf8')).toContain(target);
  // A dirty tree is another thing here: what is not committed would be missing from the packages.
  clone.write(other('unsaved'));
  const dirty = await runCommandLine(clone.dir, ['build']);
  expect(dirty.status).toBe(2);
  expect(dirty.stdout).toContain('error: Tracked files are modified: src/app.erl.');
});

test('what is not proven is told by 3', async () => {
  const clone = freshClone(other('newer'));
  const { status, stdout } = await runCommandLine(clone.dir, ['check', '--rehearse', 'false']);
  expect(status, stdout).toBe(3);
  expect(stdout).toContain('warning: Hot, unproven: an upgrade from 1.1.0 to this change could be made');
});

test('on a terminal: one line for each phase, with colours unless NO_COLOR says otherwise; a failure is told as one', async () => {
  const clone = freshClone({ 'src/app.erl': '-module(app).\nthis is no Erlang\n' });
  const shown = await runOnTerminal(clone.dir, ['check'], { TERM: 'xterm' });
  expect(shown.status).toBe(1);
  const lines = shown.stdout.split(/\r?\n/).map((line) => line.slice(line.lastIndexOf(`${ESCAPE}[2K`) + 4));
  expect(
    lines.filter((line) => line.includes('✓')).map((line) => line.replaceAll(COLOUR, '').split('  ')[0]),
  ).toEqual(['✓ Refs', '✓ Toolchain']);
  expect(shown.stdout).toContain(`${ESCAPE}[31m✗${ESCAPE}[39m Build`);
  expect(shown.stdout).toContain('src/app.erl:2');
  expect(shown.stdout).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  const plain = await runOnTerminal(clone.dir, ['check'], { TERM: 'xterm', NO_COLOR: '1' });
  expect(plain.stdout).toContain('✗ Build');
  expect(plain.stdout).not.toMatch(new RegExp(`${ESCAPE}\\[\\d+m✗`));
});
