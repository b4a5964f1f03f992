import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { ActionError, BadInputError, RefusedError } from '../../src/shared/errors.js';
import { explainFailure } from '../../src/shared/system-failure.js';

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

test('a full disk is told as such, whoever noticed it', async () => {
  const error = await explainFailure(systemError('ENOSPC', 'no space left on device, write'), tmpdir());
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).message).toBe(
    `There is no space left on the disk of ${tmpdir()}: ENOSPC: no space left on device, write`,
  );
  expect((error as ActionError).remedy).toContain('Free some space');
});

test('what the system refuses is no defect of ours', async () => {
  const error = await explainFailure(systemError('EACCES', "permission denied, open '/x'"), tmpdir());
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).message).toBe(
    "The runner's operating system refused: EACCES: permission denied, open '/x'.",
  );
});

test('what is told in words already, and what is a defect, stays as it is', async () => {
  const errors = [
    new RefusedError('r'),
    new BadInputError('b'),
    new ActionError('a'),
    new TypeError('t'),
    systemError('ENOENT', 'x'),
    undefined,
  ];
  for (const error of errors) expect(await explainFailure(error, tmpdir())).toBe(error);
});
