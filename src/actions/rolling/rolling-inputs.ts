import { getInput } from '@actions/core';
import { oneOf } from '../inputs.js';
import { BadInputError } from '../../shared/errors.js';
import { readFleet, type FleetNode } from './fleet.js';

/** The inputs of rolling/action.yml, read and checked. */
export interface RollingInputs {
  readonly step: 'plan' | 'gate' | 'back' | 'table';
  readonly fleet: readonly FleetNode[];
  /** As the plan gave it; empty for the plan itself. */
  readonly prefix: string;
  /** The node of this job; 0 for none. */
  readonly index: number;
  readonly maxParallel: number;
}

/** @throws {BadInputError} naming the input, its value and what is allowed */
export function readInputs(): RollingInputs {
  return {
    step: oneOf('step', ['plan', 'gate', 'back', 'table']),
    fleet: readFleet({
      nodes: getInput('nodes'),
      runner: getInput('runner'),
      deployRoot: getInput('deploy-root'),
      knownHosts: getInput('known-hosts'),
    }),
    prefix: getInput('prefix'),
    index: number('index', getInput('index') || '0'),
    maxParallel: number('max-parallel', getInput('max-parallel') || '1'),
  };
}

function number(name: string, value: string): number {
  if (/^\d{1,3}$/.test(value)) return Number(value);
  throw new BadInputError(`The input \`${name}\` is "${value}".`, { remedy: 'Write a number.' });
}
