import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import { removeRuns, runAction } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { plainProject, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

const server = serverApplication('app', '1.1.0', 'new')['src/app.erl'] as string;

test('errors in an appup refuse the upgrade, all at once, each annotated on its line (H27)', async () => {
  const withoutCodeChange = server
    .replace(', code_change/3', '')
    .replace(/code_change\(_.*\n/, '')
    .replace('{noreply, N}.', '{noreply, N}.\n');
  const appup = `{"1.1.0",
 [{"1.0.0", [{update, app, {advanced, []}},
             {apply, {app, migrate, []}}]}],
 [{"1.0.0", [{load_module, app},
             {load_module, ghost}]}]}.
`;
  const repository = keep(plainProject({ 'src/app.erl': withoutCodeChange, 'src/app.appup.src': appup }));
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(1);
  expect(run.outputs.verdict).toBe('refused');
  const errors = run.log.match(/^::error .*$/gm) ?? [];
  for (const [line, id, text] of [
    [2, 'code-change-missing', 'call code_change/3, which the module does not export'],
    [3, 'appup-unknown-function', 'calls app:migrate/0, which neither release exports'],
    [5, 'appup-unknown-module', 'names a module that release 1.0.0 does not have'],
  ] as const) {
    const annotation = errors.find((error) => error.includes(`relup%3A ${id}`));
    expect(annotation, run.log).toContain(`file=src/app.appup.src,line=${line}`);
    expect(annotation).toContain(text);
    expect(run.summary).toContain(`### <code>${id}</code>`);
  }
  // one annotation for each cause, and none that only counts them
  expect(run.log).toContain(
    '\nThe upgrade would go wrong on a node: 3 findings stop it (appup-unknown-function, appup-unknown-module, code-change-missing). Each says what to do.\n',
  );
  expect(errors).toHaveLength(3);
});

/** Two versions whose server keeps its state in a record that got a field more. */
function recordProject(changes: Readonly<Record<string, string>> = {}): { dir: string; line: number } {
  const record = (fields: string, value: string): string =>
    server
      .replace('init([]) -> {ok, 0}.', `-record(state, {${fields}}).\ninit([]) -> {ok, #state{}}.`)
      .replace('{reply, new, N + 1}', `{reply, ${value}, N}`);
  const text = record('calls = 0, last', 'new');
  const repository = keep(plainProject({ 'src/app.erl': text, ...changes }));
  repository.git('checkout', '--quiet', '-B', 'older', '1.0.0');
  repository.write({ 'src/app.erl': record('calls = 0', 'old') }).commit('a record');
  repository.git('tag', '--force', '1.0.0');
  repository.git('checkout', '--quiet', 'main');
  return { dir: repository.dir, line: text.split('\n').findIndex((one) => one.startsWith('-record')) + 1 };
}

/** As an annotation has them. */
const definitions = '%0A- -record(state,{calls = 0}).%0A+ -record(state,{calls = 0, last}).';

test('a state that changed unconverted is shown on its record, in summary and manifest (H26)', async () => {
  const { dir, line } = recordProject();
  const run = await runAction({ workspace: dir, inputs: { upload: 'false', 'upgrade-from': '1.0.0' } });
  expect(run.exitCode, run.log).toBe(0);
  const warning = run.log.match(/^::warning .*state-changed.*$/m)?.[0];
  expect(warning, run.log).toContain(`file=src/app.erl,line=${line}`);
  expect(warning).toContain(definitions);
  expect(run.summary).toContain('<code>state-changed</code>');
  const { findings } = JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
  expect(findings.filter(({ id }) => id === 'state-changed')).toMatchObject([
    { severity: 'warning', application: 'app', module: 'app', location: { file: 'src/app.erl', line } },
  ]);
});

test('the same is refused where nobody wrote an appup (H26)', async () => {
  const { dir, line } = recordProject({ 'src/app.appup.src': '' });
  rmSync(join(dir, 'src/app.appup.src'));
  execFileSync(
    'git',
    ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', 'commit', '-qam', 'no appup'],
    {
      cwd: dir,
    },
  );
  const run = await runAction({ workspace: dir, inputs: { upload: 'false', 'upgrade-from': '1.0.0' } });
  expect(run.exitCode, run.log).toBe(1);
  expect(run.outputs.verdict).toBe('refused');
  const error = run.log.match(/^::error .*state-changed.*$/m)?.[0] ?? '';
  expect(error, run.log).toContain(`file=src/app.erl,line=${line}`);
  expect(error).toContain(definitions);

  // what is to be pasted is pasted
  const clauses = decodeURIComponent(error.split('are right:%0A')[1] ?? '');
  expect(clauses).toContain(
    'code_change({down, _Vsn}, {state, Calls, _}, _Extra) ->\n    {ok, {state, Calls}};',
  );
  const file = join(dir, 'src/app.erl');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^code_change\(/m, `${clauses}\ncode_change(`));
  execFileSync(
    'git',
    ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', 'commit', '-qam', 'conversion'],
    {
      cwd: dir,
    },
  );
  const again = await runAction({ workspace: dir, inputs: { upload: 'false', 'upgrade-from': '1.0.0' } });
  expect(again.exitCode, again.log).toBe(0);
  expect(again.log).not.toContain('state-changed');
});

test('an upgrade from a package is checked as one from source, by the debug package beside it', async () => {
  const stripped = { relx: '{mode, prod}' };
  const version = (vsn: string, fields: string): Record<string, string> => ({
    'rebar.config': rebarConfig(vsn, stripped),
    ...serverApplication('app', vsn, vsn === '1.0.0' ? 'old' : 'new'),
    'src/app.erl': server.replace(
      'init([]) -> {ok, 0}.',
      `-record(state, {${fields}}).\ninit([]) -> {ok, #state{}}.`,
    ),
  });
  const repository = keep(
    projectRepository({
      '1.0.0': version('1.0.0', 'calls = 0'),
      '1.1.0': version('1.1.0', 'calls = 0, last'),
    }),
  );
  repository.git('checkout', '--quiet', '1.0.0');
  const first = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(first.outputs.verdict, first.log).toBe('none');
  const tarball = first.outputs.tarball as string;
  const debug = tarball.replace('.tar.gz', '.debug.tar.gz');
  const manifest = JSON.parse(readFileSync(first.outputs.manifest as string, 'utf8')) as Manifest;
  expect(manifest.packages.debug?.files.map(({ path }) => path)).toContain('lib/app/ebin/app.beam');
  expect(existsSync(debug)).toBe(true);

  repository.git('checkout', '--quiet', '1.1.0');
  const inputs = { upload: 'false', 'upgrade-from': tarball };
  const refused = await runAction({ workspace: repository.dir, inputs });
  expect(refused.log).toMatch(/^::error .*state-changed/m);
  expect(refused.log).not.toContain('state-unseen');

  rmSync(debug);
  const unseen = await runAction({ workspace: repository.dir, inputs });
  expect(unseen.exitCode, unseen.log).toBe(0);
  expect(unseen.log).toMatch(/^::warning .*state-unseen.*app-1.0.0.debug.tar.gz/m);
});
