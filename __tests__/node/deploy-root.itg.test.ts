import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRoot } from '../../src/node/deploy-root.js';
import { temporaryFolder } from '../support/repository.js';

it('says whom the system does not let make a root, and where', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const root = join(folder, 'opt/myapp');
  // root may make folders anywhere
  if (process.getuid?.() === 0) process.seteuid?.(65_534);
  else chmodSync(folder, 0o555);
  try {
    await expect(makeRoot(root)).rejects.toThrow(
      `The deploy-root ${root} cannot be made: EACCES: permission denied, mkdir '${folder}/opt'.`,
    );
  } finally {
    if (process.getuid?.() === 0) process.seteuid?.(0);
    else chmodSync(folder, 0o755);
  }
  await makeRoot(root);
  expect(existsSync(root)).toBe(true);
  rmSync(folder, { recursive: true });
});
