import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { startHexRepository } from '../support/hex-repository.js';
import { loadModule, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';
import { temporaryFolder } from '../support/repository.js';

const dir = temporaryFolder();
afterAll(() => {
  removeRuns();
  removeKept();
  rmSync(dir, { recursive: true, force: true });
});

const files = (version: string, answer: string): Record<string, string> => ({
  'rebar.config': rebarConfig(version, {
    applications: 'app, from_hex, sasl',
    rest: '{deps, [{from_hex, "1.2.3"}]}.\n{plugins, [{hex_plugin, "0.1.0"}]}.',
  }),
  ...serverApplication('app', version, answer),
  'src/app.appup.src': loadModule(version, '1.0.0', 'app'),
});

test('packages from Hex are fetched once; with what the cache holds rebar3 asks Hex for nothing', async () => {
  const hex = await startHexRepository(join(dir, 'hex'), { from_hex: '1.2.3', hex_plugin: '0.1.0' });
  const services = await startRunnerServices({ dir: join(dir, 'services') });
  const repository = keep(projectRepository({ '1.0.0': files('1.0.0', 'one') }));
  await promisify(execFile)('rebar3', ['lock'], {
    cwd: repository.dir,
    env: { ...process.env, HOME: hex.home('lock') },
  });
  rmSync(join(repository.dir, '_build'), { recursive: true });
  repository.commit('lock');
  repository.git('tag', '--force', '1.0.0');
  repository.write(files('1.1.0', 'two')).commit('1.1.0');
  repository.tag('1.1.0');
  const event = join(dir, 'event.json');
  writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  const start = async (home: string, ref: Record<string, string>): Promise<ActionRun> => {
    hex.requests();
    const run = await runAction({
      workspace: repository.dir,
      inputs: { upload: 'false', rehearse: 'false' },
      env: {
        ...services.env,
        ...ref,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_EVENT_PATH: event,
        HOME: hex.home(home),
      },
    });
    expect(run.exitCode, run.log).toBe(0);
    return run;
  };
  try {
    const onMain = await start('main', { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' });
    expect(onMain.log).toMatch(/Fetching from_hex/);
    expect(hex.requests()).toContain('/tarballs/from_hex-1.2.3.tar');
    const onTag = await start('tag', { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: '1.1.0' });
    expect(onTag.log).toContain('1.1.0: compiled dependencies restored from the cache: from_hex, plugins');
    expect(onTag.log).not.toMatch(/(Fetching|Compiling) (from_hex|hex_plugin)/);
    expect(hex.requests()).toEqual([]);
    expect(existsSync(join(hex.home('tag'), '.cache/rebar3/hex/packages.idx'))).toBe(true);
  } finally {
    await hex.close();
    await services.close();
  }
});
