import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { startGithubReleases, type GithubReleases } from '../../scripts/github-releases/index.mjs';
import { manifestText, type Manifest } from '../../src/model/manifest.js';
import { sha256 } from '../../src/shared/sha256.js';
import { temporaryFolder } from './repository.js';

/** The stand-in of GitHub's releases, with the runner's variables set in this process until `close`. */
export interface TestGithub extends GithubReleases {
  /** A private folder. */
  readonly dir: string;
}

export async function testGithub(): Promise<TestGithub> {
  const dir = temporaryFolder();
  const github = await startGithubReleases({ dir: join(dir, 'github') });
  for (const [name, value] of Object.entries(github.env)) vi.stubEnv(name, value);
  return {
    ...github,
    dir,
    close: async () => {
      vi.unstubAllEnvs();
      await github.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Files of a made release, small and without meaning, with a manifest that is true of them. */
export function madeFiles(folder: string, changes: Partial<Manifest> = {}): string[] {
  const { name = 'app', version = '1.0.0' } = changes;
  mkdirSync(folder, { recursive: true });
  const base = `${name}-${version}`;
  const kinds = { full: '.tar.gz', upgrade: '.upgrade.tar.gz', debug: '.debug.tar.gz' };
  const packages = Object.entries(kinds).map(([kind, suffix]) => {
    const content = `${kind} package of ${base}`;
    const file = `${base}${suffix}`;
    writeFileSync(join(folder, file), content);
    return [kind, { file, size: content.length, sha256: sha256(content), files: [] }] as const;
  });
  const manifest = {
    ...{ manifestVersion: 1, name, version, commit: 'c'.repeat(40), packages: Object.fromEntries(packages) },
    ...changes,
  } as unknown as Manifest;
  writeFileSync(join(folder, `${base}.manifest.json`), manifestText(manifest));
  return [...packages.map(([, { file }]) => file), `${base}.manifest.json`].map((file) => join(folder, file));
}
