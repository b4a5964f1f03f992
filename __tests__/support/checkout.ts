import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { fileHashes } from './file-hashes.js';

export function gitIn(dir: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/**
 * Checks out like actions/checkout with its defaults: one commit, under the one ref that started the run. A tag is
 * fetched by commit, so that an annotated one becomes lightweight.
 *
 * @param ref full name that the commit gets in the checkout
 * @param from what it is called in `source`
 */
export function actionsCheckout(source: string, dir: string, ref: string, from = ref): string {
  mkdirSync(dir, { recursive: true });
  const commit = gitIn(source, 'rev-parse', `${from}^{commit}`);
  gitIn(dir, 'init', '--quiet');
  gitIn(dir, 'remote', 'add', 'origin', `file://${source}`);
  gitIn(dir, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+${commit}:${ref}`);
  gitIn(dir, 'checkout', '--quiet', '--force', ref);
  return dir;
}

/**
 * Makes git see the folder as another user's. Only root can give a folder away; for others git's own test switch
 * stands in, which the caller ends with `vi.unstubAllEnvs`.
 */
export function giveAway(dir: string): void {
  if (process.getuid?.() !== 0) {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    return;
  }
  for (const path of ['', ...Object.keys(fileHashes(dir))]) chownSync(join(dir, path), 12345, 12345);
}
