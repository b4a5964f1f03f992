// A deploy in a process of its own, which tests can kill. Arguments: a file with the options as JSON.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeployError, deployRelease, type DeployOptions } from '../../src/phases/deploy.js';
import { compileErlang } from '../../src/programs/erlang.js';
import { deferringCancel } from '../../src/shared/cancel.js';

const { folder, ...options } = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Omit<
  DeployOptions,
  'erlang' | 'privateFolder'
> & { readonly folder: string };
const privateFolder = join(folder, 'private');
mkdirSync(privateFolder, { mode: 0o700 });
try {
  const erlang = await compileErlang(folder);
  const { nodeState } = await deferringCancel((cancel) =>
    deployRelease({ ...options, erlang, privateFolder, cancel }),
  );
  console.log(`ended: ${nodeState}`);
} catch (error) {
  const state = error instanceof DeployError ? error.nodeState : 'none';
  console.log(`ended: ${state}: ${String(error)}`);
  process.exitCode = 1;
}
