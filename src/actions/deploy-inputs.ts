import { getInput } from '@actions/core';
import { resolve } from 'node:path';
import type { HealthOptions } from '../deploy/health/until-healthy.js';
import type { CommandTexts } from '../model/deploy-command.js';
import { BadInputError } from '../shared/errors.js';
import { duration, flag, oneOf } from './inputs.js';

/** The inputs about the node, which both actions have. */
export interface DeployInputs {
  /** Folder where the release is, or is to be, installed; absolute. */
  readonly deployRoot: string;
  /** User that the node belongs to, when it is another one than the runner's. */
  readonly runAs: string | undefined;
  /** File with the service's environment, as systemd reads it; absolute. */
  readonly envFile: string | undefined;
  /** How the node is found healthy: command, address, seconds. */
  readonly health: Required<HealthOptions>;
  /** Whether a node that cannot be upgraded hot may be stopped and started with the new release. */
  readonly allowRestart: boolean;
  readonly commands: CommandTexts;
  readonly onFailure: 'downgrade' | 'leave';
  /** What a crash of a process between installation and making permanent means. */
  readonly onCrash: 'fail' | 'warn';
  readonly dryRun: boolean;
  /** How many releases stay installed, the new one included. */
  readonly keepReleases: number;
}

/** @throws {BadInputError} naming the input, its value and what is allowed */
export function readDeployInputs(): DeployInputs {
  const envFile = getInput('env-file');
  return {
    deployRoot: deployRoot(),
    runAs: runAs(),
    envFile: envFile === '' ? undefined : resolve(envFile),
    health: health(),
    allowRestart: flag('allow-restart', false),
    commands: commands(),
    onFailure: oneOf('on-failure', ['downgrade', 'leave']),
    onCrash: oneOf('on-crash', ['fail', 'warn']),
    dryRun: flag('dry-run', false),
    keepReleases: keepReleases(),
  };
}

function health(): Required<HealthOptions> {
  const timeout = duration('health-timeout', '60s');
  const soak = duration('soak', '10s');
  if (soak >= timeout) {
    throw new BadInputError(
      `The input \`soak\` (${soak} s) is not shorter than \`health-timeout\` (${timeout} s).`,
      {
        remedy:
          'The node must be healthy for `soak` without a break, and have been so when `health-timeout` is over.',
      },
    );
  }
  return { check: getInput('check', { trimWhitespace: false }), checkUrl: checkUrl(), timeout, soak };
}

function commands(): CommandTexts {
  return {
    before: getInput('before', { trimWhitespace: false }),
    after: getInput('after', { trimWhitespace: false }),
    start: getInput('start-command', { trimWhitespace: false }),
    stop: getInput('stop-command', { trimWhitespace: false }),
  };
}

function checkUrl(): string {
  const value = getInput('check-url');
  if (value === '' || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw new BadInputError(`The input \`check-url\` is "${value}".`, {
    remedy: 'Write an address that begins with http:// or https://.',
  });
}

function keepReleases(): number {
  const value = getInput('keep-releases') || '3';
  if (/^[1-9][0-9]{0,3}$/.test(value)) return Number(value);
  throw new BadInputError(`The input \`keep-releases\` is "${value}".`, {
    remedy: 'Write how many releases stay installed, the new one included: 1 or more.',
  });
}

function deployRoot(): string {
  const value = getInput('deploy-root');
  if (value !== '') return resolve(value);
  throw new BadInputError('The input `deploy-root` is empty, so it is not known which node to upgrade.', {
    remedy: 'Set `deploy-root` to the folder on this runner where the release is, or is to be, installed.',
  });
}

/** Names as useradd allows them; sudo would take `#0` for a number. */
function runAs(): string | undefined {
  const value = getInput('run-as');
  if (value === '') return undefined;
  if (/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(value)) return value;
  throw new BadInputError(`The input \`run-as\` is ${JSON.stringify(value)}, which is not a user name.`, {
    remedy: 'Write the name of the user that the node runs as.',
  });
}
