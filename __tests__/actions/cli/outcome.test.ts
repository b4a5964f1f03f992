import { expect, test } from 'vitest';
import { exitStatus } from '../../../src/actions/cli/outcome.js';
import type { Verdict } from '../../../src/model/upgrade.js';
import { ActionError, BadInputError, RefusedError } from '../../../src/shared/errors.js';

test.each<['check' | 'build' | 'rehearse' | 'deploy', Verdict | undefined, unknown, number]>([
  ['check', 'hot', undefined, 0],
  ['check', 'none', undefined, 0],
  ['check', 'restart', undefined, 3],
  ['check', 'unproven', undefined, 3],
  ['rehearse', 'unproven', undefined, 3],
  ['build', 'unproven', undefined, 0],
  ['build', 'restart', undefined, 0],
  ['deploy', undefined, undefined, 0],
  ['check', 'refused', new RefusedError('no'), 1],
  ['deploy', undefined, new ActionError('no'), 1],
  ['build', undefined, new Error('defect'), 1],
  ['build', undefined, new BadInputError('no'), 2],
])('%s %s', (command, verdict, failure, status) => {
  expect(exitStatus(command, verdict === undefined ? {} : { verdict }, failure)).toBe(status);
});
