// What goes from the step to its helper that runs as the node's user, and back: files in a folder of that user's.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DeployError } from '../../deploy/deploy-error.js';
import type { DeployRecord, DeployResult, NodeState } from '../../model/deploy.js';
import { withoutRunnersOwn } from '../../programs/runner-environment.js';
import { ActionError, errorMessage, NodeRefusedError } from '../../shared/errors.js';
import type { DeployRequest } from '../deploy-request.js';

const REQUEST = 'request.json';
export const RESULT = 'result.json';
/** Holds the helper's process id. */
export const PID = 'pid';

export interface HandedOver {
  readonly request: DeployRequest;
  readonly environment: Readonly<Record<string, string>>;
}

export type Outcome = { readonly deployed: DeployResult } | { readonly failure: Failure };

interface Failure {
  readonly message: string;
  readonly remedy?: string | undefined;
  readonly details?: string | undefined;
  readonly nodeState?: NodeState | undefined;
  readonly record?: DeployRecord | undefined;
  /** Of what is no expected failure, but a defect of ours. */
  readonly stack?: string | undefined;
}

/**
 * What describes the runner's user or lies in closed folders of theirs, and the token of the job, which is for whoever builds
 * and not for the node's user. The rest is the workflow's `env:`.
 */
const NOT_HANDED_OVER =
  /^(SUDO_|XDG_|(?:GITHUB|GH)_TOKEN$|GITHUB_EVENT_PATH$|RUNNER_(TEMP|TOOL_CACHE)$|(HOME|USER|LOGNAME|MAIL|SHELL|TMPDIR|OLDPWD|PWD|_)$)/;

/** The environment for a helper of this machine. */
export function handedOver(): Record<string, string> {
  const all = Object.entries(withoutRunnersOwn(process.env));
  return Object.fromEntries(all.filter(([name]) => !NOT_HANDED_OVER.test(name)));
}

/**
 * Writes the request into the folder that becomes the helper's; packages are looked for beside it.
 *
 * @returns the file's path
 */
export async function writeRequest(
  folder: string,
  request: DeployRequest,
  environment: HandedOver['environment'],
): Promise<string> {
  const moved = {
    ...request,
    ...mapPackages(request, (path) => basename(path)),
  };
  const path = join(folder, REQUEST);
  await writeFile(path, JSON.stringify({ request: moved, environment }), { mode: 0o600 });
  return path;
}

export async function readRequest(folder: string): Promise<HandedOver> {
  const { request, environment } = JSON.parse(await readFile(join(folder, REQUEST), 'utf8')) as HandedOver;
  return {
    request: {
      ...request,
      ...mapPackages(request, (path) => join(folder, path)),
    },
    environment,
  };
}

function mapPackages(
  { upgradePath, fullPath, manifestPath }: DeployRequest,
  to: (path: string) => string,
): Pick<DeployRequest, 'upgradePath' | 'fullPath' | 'manifestPath'> {
  return {
    manifestPath: manifestPath === undefined ? undefined : to(manifestPath),
    upgradePath: upgradePath === undefined ? undefined : to(upgradePath),
    fullPath: fullPath === undefined ? undefined : to(fullPath),
  };
}

export async function writeOutcome(folder: string, outcome: Outcome): Promise<void> {
  await writeFile(join(folder, RESULT), JSON.stringify(outcome), { mode: 0o600 });
}

export function failureOf(error: unknown): Outcome {
  const message = errorMessage(error);
  if (!(error instanceof ActionError)) {
    return { failure: { message, stack: error instanceof Error ? error.stack : undefined } };
  }
  const { remedy, details } = error;
  const { nodeState, record } = error instanceof DeployError ? error : {};
  return { failure: { message, remedy, details, nodeState, record } };
}

/** The result, or the failure thrown again as what it was. */
export function resultOf(text: string): DeployResult {
  const outcome = JSON.parse(text) as Outcome;
  if ('deployed' in outcome) return outcome.deployed;
  const { message, remedy, details, nodeState, stack, record } = outcome.failure;
  if (stack !== undefined) throw Object.assign(new Error(message), { stack });
  if (nodeState !== undefined) {
    throw Object.assign(new DeployError(message, nodeState, { remedy, details }), { record });
  }
  throw new NodeRefusedError(message, { remedy, details });
}
