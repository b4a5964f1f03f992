import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import { sha256 } from '../support/helloworld-package.js';
import { plainProject } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';
import { tagPush } from '../support/workflows/events.js';
import { expectCleanEnd } from '../support/workflows/expectations.js';
import { WorkflowRunner } from '../support/workflows/runner.js';

let repository: TestRepository;
let runner: WorkflowRunner;
beforeEach(async () => {
  repository = plainProject();
  runner = await WorkflowRunner.start();
});
afterEach(async () => {
  await runner.close();
  repository.remove();
});

test('later steps use the outputs in expressions, and the files that they name', async () => {
  const run = await runner.run('outputs.yml', { repository, event: tagPush(repository, '1.1.0') });
  await expectCleanEnd(run, 0);
  const { outputs } = run.step('release', 'relup');
  expect(run.step('release', 'compared').log.match(/: OK\n/g)).toHaveLength(2);
  expect(run.step('release', 'hot').log).toBe('from 1.0.0 to app 1.1.0\n');
  expect(run.step('release', 'other').result).toBeUndefined();
  expect(readdirSync(run.results).sort()).toEqual([
    'app-1.1.0.manifest.json',
    'app-1.1.0.tar.gz',
    'app-1.1.0.upgrade.tar.gz',
    'report.json',
  ]);
  const manifest = JSON.parse(readFileSync(join(run.results, 'app-1.1.0.manifest.json'), 'utf8')) as Manifest;
  const full = readFileSync(join(run.results, 'app-1.1.0.tar.gz'));
  expect(manifest.packages.full).toMatchObject({ size: full.length, sha256: sha256(full) });
  expect(outputs['tarball-sha256']).toBe(manifest.packages.full.sha256);
  expect(outputs['artifact-id']).toBeUndefined();
  expect(existsSync(outputs.tarball as string)).toBe(false);
});

test('another job gets the outputs, downloads the artifact, and finds what the manifest says', async () => {
  const run = await runner.run('two-jobs.yml', { repository, event: tagPush(repository, '1.1.0') });
  await expectCleanEnd(run, 0);
  expect(run.job('build')).toBe('success');
  expect(run.job('use')).toBe('success');
  expect(run.step('use', 'download').outputs['download-path']).toMatch(/\/packages$/);
  expect(run.step('use', 'check').log.trim().split(/\r?\n/)).toEqual([
    'app-1.1.0.debug.tar.gz',
    'app-1.1.0.manifest.json',
    'app-1.1.0.tar.gz',
    'app-1.1.0.upgrade.tar.gz',
    'report.html',
    'report.json',
    'app-1.1.0.tar.gz: OK',
    'app-1.1.0.upgrade.tar.gz: OK',
    'app-1.1.0.debug.tar.gz: OK',
  ]);
});
