import { getInput } from '@actions/core';
import { resolve } from 'node:path';
import { BadInputError } from '../shared/errors.js';

/** The inputs about the node, which both actions have. */
export interface DeployInputs {
  /** Folder where the running release is installed; absolute. */
  readonly deployRoot: string;
  /** User that the node belongs to, when it is another one than the runner's. */
  readonly runAs: string | undefined;
  /** File with the service's environment, as systemd reads it; absolute. */
  readonly envFile: string | undefined;
}

/** @throws {BadInputError} naming the input, its value and what is allowed */
export function readDeployInputs(): DeployInputs {
  const envFile = getInput('env-file');
  return {
    deployRoot: deployRoot(),
    runAs: runAs(),
    envFile: envFile === '' ? undefined : resolve(envFile),
  };
}

function deployRoot(): string {
  const value = getInput('deploy-root');
  if (value !== '') return resolve(value);
  throw new BadInputError('The input `deploy-root` is empty, so it is not known which node to upgrade.', {
    remedy: 'Set `deploy-root` to the folder on this runner where the running release is installed.',
  });
}

/** Names as useradd allows them; sudo would take `#0` for a number. */
function runAs(): string | undefined {
  const value = getInput('run-as');
  if (value === '') return undefined;
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(value)) return value;
  throw new BadInputError(`The input \`run-as\` is ${JSON.stringify(value)}, which is no name of a user.`, {
    remedy: 'Write the name of the user that the node runs as.',
  });
}
