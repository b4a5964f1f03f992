// A deploy in a process of its own, which tests can kill. Arguments: a file with the options as JSON.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployRelease, type DeployOptions } from '../../src/deploy/deploy.js';
import { DeployError } from '../../src/deploy/deploy-error.js';
import { compiledErlang } from '../../src/programs/erlang.js';
import { deferringCancel } from '../../src/shared/cancel.js';
import { ActionError } from '../../src/shared/errors.js';

const { folder, ebin, ...options } = JSON.parse(readFileSync(process.argv[2] as string, 'utf8')) as Omit<
  DeployOptions,
  'erlang' | 'privateFolder'
> & { readonly folder: string; readonly ebin: string };
const privateFolder = join(folder, 'private');
mkdirSync(privateFolder, { mode: 0o700 });

function tell(record: DeployError['record']): void {
  for (const { id, message } of record?.findings ?? []) console.log(`finding ${id}: ${message}`);
}

try {
  const erlang = await compiledErlang(ebin, folder);
  const { nodeState, record } = await deferringCancel((cancel) =>
    deployRelease({ ...options, erlang, privateFolder, cancel }),
  );
  tell(record);
  console.log(`ended: ${nodeState}`);
} catch (error) {
  if (error instanceof DeployError) tell(error.record);
  const state = error instanceof DeployError ? error.nodeState : 'none';
  const remedy = error instanceof ActionError ? (error.remedy ?? '') : '';
  console.log(`ended: ${state}: ${String(error)}\n${remedy}`);
  process.exitCode = 1;
}
