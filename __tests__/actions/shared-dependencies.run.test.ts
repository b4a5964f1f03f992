import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import { removeRuns, runAction } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import {
  libraryApplication,
  loadModule,
  projectRepository,
  rebarConfig,
  serverApplication,
} from '../support/projects.js';
import { TestRepository } from '../support/repository.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

test('dependencies that two versions have in common are compiled once, others for each version', async () => {
  const dep = keep(TestRepository.create());
  const commits = ['1.0.0', '1.1.0'].map((version) =>
    dep.write(libraryApplication('dep', version, `{dep, "${version}"}`)).commit(version),
  ) as [string, string];
  const files = (version: string, [depCommit, answer]: [string, string]): Record<string, string> => ({
    'rebar.config': rebarConfig(version, {
      applications: 'app, dep, sasl',
      rest: `{deps, [{dep, {git, "file://${dep.dir}", {branch, "main"}}}]}.`,
    }),
    'rebar.lock': `[{<<"dep">>,{git,"file://${dep.dir}",{ref,"${depCommit}"}},0}].\n`,
    ...serverApplication('app', version, answer),
    'src/app.appup.src': `{"${version}", [{<<".*">>, [{load_module, app}]}], [{<<".*">>, [{load_module, app}]}]}.\n`,
    'appups/dep.appup.src': loadModule('1.1.0', '1.0.0', 'dep'),
  });
  const repository = keep(
    projectRepository({
      '1.0.0': files('1.0.0', [commits[0], 'one']),
      '1.1.0': files('1.1.0', [commits[1], 'two']),
      '1.2.0': files('1.2.0', [commits[1], 'three']),
    }),
  );
  const inputs = { upload: 'false', 'upgrade-from': '1.0.0,1.1.0' };
  const run = await runAction({ workspace: repository.dir, inputs });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('1.1.0: the same dependencies as the new version, compiled once for both: dep');
  expect(run.log).not.toContain('1.0.0: the same dependencies');
  const { upFrom } = JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
  expect(upFrom.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  // The dependency of 1.0.0 is the old one, of which an upgrade needs the new.
  const members = execFileSync('tar', ['tzf', run.outputs['upgrade-tarball'] as string], {
    encoding: 'utf8',
  });
  expect(members).toContain('lib/dep-1.1.0/ebin/dep.beam');
});
