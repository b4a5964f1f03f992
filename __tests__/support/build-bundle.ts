import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, temporaryFolder } from './repository.js';
import { compileForTests } from './shared-erlang.js';

/**
 * Vitest's global setup: the tests run the bundle of the sources as they are now, and share our compiled Erlang modules and
 * what `builtOnce` makes.
 */
export function setup(): () => void {
  const folder = temporaryFolder('relup-tests-');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const bundle = join(folder, 'dist');
  try {
    execFileSync(process.execPath, [join(projectRoot, 'scripts/build-dist.mjs'), bundle], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.env.RELUP_TEST_EBIN = compileForTests(join(folder, 'compiled'));
  } catch (error) {
    remove();
    throw error;
  }
  process.env.RELUP_TEST_BUNDLE = bundle;
  process.env.RELUP_TEST_BUILT = join(folder, 'built');
  return remove;
}
