import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeRuns, runAction } from '../support/action.js';
import { folder, keep, removeKept } from '../support/failures.js';
import { plainProject } from '../support/projects.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

test('the commands in the summary make the same relup in a clone, without the action (H117)', async () => {
  const repository = keep(plainProject());
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  const commands =
    /How to make it elsewhere<\/summary>\n\n```sh\n([\s\S]*?)\n```/.exec(run.summary)?.[1] ?? '';
  expect(commands).toContain('rebar3 as prod do release, tar');
  const clone = join(folder(), 'clone');
  execFileSync('git', ['clone', '--quiet', repository.dir, clone]);
  const tarball = run.outputs.tarball as string;
  copyFileSync(tarball, join(clone, basename(tarball)));
  execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { cwd: clone, stdio: 'pipe' });
  // `cmp` among the commands compared it with the packaged one.
  expect(readFileSync(join(clone, 'relup'), 'utf8')).toContain('{load_object_code');
});

test('the full package holds the relup and the evaluated appups (H117)', async () => {
  const text = 'V = "1.0.0",\n{"{{vsn}}", [{V, [{load_module, app}]}], [{V, [{load_module, app}]}]}.\n';
  const repository = keep(plainProject({ 'src/app.appup.src': text }));
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  for (const tarball of [run.outputs.tarball, run.outputs['upgrade-tarball']]) {
    const member = (name: string): string =>
      execFileSync('tar', ['xzOf', tarball as string, name], { encoding: 'utf8' });
    expect(member('releases/1.1.0/relup')).toContain('point_of_no_return');
    expect(member('lib/app-1.1.0/ebin/app.appup').replaceAll(/\s+/g, '')).toBe(
      '{"1.1.0",[{"1.0.0",[{load_module,app}]}],[{"1.0.0",[{load_module,app}]}]}.',
    );
  }
});
