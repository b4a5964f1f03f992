import { expect, test } from 'vitest';
import { checkDistinct, checkPair } from '../../src/build/pair-checks.js';
import { ActionError } from '../../src/shared/errors.js';
import { application, builtRelease } from '../support/releases.js';

const old = builtRelease('1.0.0', [
  application('kernel', '9.0', { code: 'k' }),
  application('shop', '1.0', { shop: 'old' }),
]);
const changed = { ...old, applications: [application('shop', '1.0', { shop: 'new' })] };

function refusal(check: () => void): ActionError {
  try {
    check();
  } catch (error) {
    if (error instanceof ActionError) return error;
  }
  return expect.fail('nothing was refused');
}

test('a release version that nobody raised is told together with the application versions', () => {
  const { message, remedy } = refusal(() => checkPair(old, changed, false));
  expect(message).toContain('1.0.0: the release version was not raised.');
  expect(remedy).toContain('Raise the application version, too, where code changed: shop (1.0)');
  expect(refusal(() => checkPair(old, old, false)).remedy).not.toContain('application version');
});

test('a check raises it itself', () => {
  expect(() => checkPair(old, changed, true)).not.toThrow();
});

test('another release name, and the same up-from version twice', () => {
  expect(refusal(() => checkPair({ ...old, name: 'other' }, old, true)).message).toMatch(
    /^The up-from release is other 1\.0\.0, but the new one is/,
  );
  expect(refusal(() => checkDistinct([old, old])).message).toMatch(/^Two of the up-from releases are/);
  expect(() => checkDistinct([old])).not.toThrow();
});
