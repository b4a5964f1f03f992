import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, temporaryFolder, TestRepository } from '../support/repository.js';

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A small repository with the script in it, as it stands in this one. */
function repositoryWith(script: string, files: Readonly<Record<string, string>>): TestRepository {
  const repository = TestRepository.create(join(dir, script)).write(files);
  mkdirSync(join(repository.dir, 'scripts'));
  cpSync(join(projectRoot, 'scripts', script), join(repository.dir, 'scripts', script));
  repository.commit('all');
  return repository;
}

function run(repository: TestRepository, script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(repository.dir, 'scripts', script), args, {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('scripts/release-files', () => {
  let repository: TestRepository;
  const folder = join(dir, 'release');
  beforeAll(() => {
    repository = repositoryWith('release-files', {
      'package.json': JSON.stringify({
        name: 'relup-action',
        version: '1.2.3',
        private: true,
        bin: { 'relup-action': 'dist/cli/index.mjs' },
        dependencies: { 'not-there': '1.0.0' },
      }),
      'CHANGELOG.md':
        '# Changelog\n\n## Unreleased\n\n## 1.2.30\n\n- other\n\n## 1.2.3 – 2026-11-26\n\n- one thing\n\n## 1.2.2\n',
      'action.yml': 'name: x\n',
      'deploy/action.yml': 'name: y\n',
      'dist/cli/index.mjs': '#!/usr/bin/env node\nconsole.log("it runs");\n',
      'src/index.ts': '',
      LICENSE: '',
      'README.md': '',
    });
  });

  it('makes the notes of one version, and a tarball of what runs at users', () => {
    expect(run(repository, 'release-files', 'v1.2.3', folder)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'notes.md'), 'utf8').trim()).toBe('- one thing');
    const tarball = join(folder, 'relup-action-1.2.3.tgz');
    const members = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
    expect(members).toContain('package/dist/cli/index.mjs');
    expect(members).not.toContain('src/');
    const first = readFileSync(tarball);
    run(repository, 'release-files', 'v1.2.3', folder);
    expect(readFileSync(tarball).equals(first)).toBe(true);
    const desk = join(dir, 'desk');
    mkdirSync(desk);
    const options = { cwd: desk, encoding: 'utf8' } as const;
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], options);
    expect(execFileSync('node_modules/.bin/relup-action', options)).toBe('it runs\n');
  });

  it.each([
    ['v1.2', /v1\.2 is no version tag; write it as v1\.2\.3/],
    [
      'v1.2.4',
      /package\.json says 1\.2\.3, but the tag is v1\.2\.4; run `npm version 1\.2\.4` before tagging/,
    ],
  ])('refuses %s', (tag, message) => {
    const { status, stderr } = run(repository, 'release-files', tag, folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('refuses a version without notes', () => {
    writeFileSync(join(repository.dir, 'CHANGELOG.md'), '# Changelog\n\n## 1.2.3\n\n## 1.2.2\n\n- old\n');
    const { status, stderr } = run(repository, 'release-files', 'v1.2.3', folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/CHANGELOG\.md has nothing below "## 1\.2\.3"/);
  });
});

describe('scripts/owner', () => {
  it('puts the account into what users read and copy, and nowhere else', () => {
    const repository = repositoryWith('owner', {
      'README.md': 'uses: OWNER/relup-action@v1\n',
      'docs/a.md': 'OWNER/relup-action/deploy@v1 and OWNER\n',
      '__tests__/a.yml': 'uses: OWNER/relup-action@v1\n',
    });
    expect(run(repository, 'owner', 'no name').stderr).toContain('"no name" is no name of an account');
    expect(run(repository, 'owner', 'octo-org')).toMatchObject({
      status: 0,
      stdout: 'README.md\ndocs/a.md\n',
    });
    const text = (file: string) => readFileSync(join(repository.dir, file), 'utf8');
    expect(text('README.md')).toBe('uses: octo-org/relup-action@v1\n');
    expect(text('docs/a.md')).toBe('octo-org/relup-action/deploy@v1 and OWNER\n');
    expect(text('__tests__/a.yml')).toBe('uses: OWNER/relup-action@v1\n');
    expect(run(repository, 'owner', 'octo-org')).toMatchObject({ status: 1 });
    expect(existsSync(join(repository.dir, 'scripts/owner'))).toBe(true);
  });
});
