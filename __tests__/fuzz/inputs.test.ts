import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readInputs, type RelupInputs } from '../../src/actions/relup/relup-inputs.js';
import { BadInputError } from '../../src/shared/errors.js';
import { CASES, hostileText } from '../support/hostile-text.js';

const NAMES = [
  ...[
    'working-directory',
    'profile',
    'release',
    'upgrade-from',
    'tag-pattern',
    'prepare',
    'allow-restart',
    'upload',
  ],
  ...['artifact-name', 'retention-days', 'overwrite', 'cache', 'deploy', 'deploy-root'],
] as const;

const before = { ...process.env };
afterAll(() => {
  process.env = before;
});

/** Values that are near what is allowed, or anything. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    'true',
    'false',
    'True',
    'auto',
    'none',
    'prod',
    'prod,test',
    'v1, v2',
    '7',
    '400',
    '401',
    '0x10',
  ),
  hostileText,
);

function check(inputs: RelupInputs): void {
  expect(inputs.profile).toMatch(/^[a-z][A-Za-z0-9_]*(,[a-z][A-Za-z0-9_]*)*$/);
  if (inputs.release !== undefined) expect(inputs.release).toMatch(/^[A-Za-z][A-Za-z0-9_@-]*$/);
  for (const list of [inputs.upgradeFrom, inputs.tagPattern]) {
    expect(list.length).toBeGreaterThan(0);
    for (const item of list) {
      expect(item).not.toBe('');
      expect(item).not.toMatch(/[\n,]|^\s|\s$/);
    }
  }
  for (const flag of [inputs.allowRestart, inputs.upload, inputs.overwrite])
    expect(typeof flag).toBe('boolean');
  if (inputs.retentionDays !== undefined) {
    expect(Number.isInteger(inputs.retentionDays)).toBe(true);
    expect(inputs.retentionDays).toBeGreaterThanOrEqual(1);
    expect(inputs.retentionDays).toBeLessThanOrEqual(400);
  }
  expect(['auto', 'off']).toContain(inputs.cache);
  expect(inputs.deploy).not.toBe('');
}

test('whatever the inputs hold, they are read as declared or refused in one sentence with a remedy', () => {
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), value, fc.constantFrom(...NAMES), value, (one, a, other, b) => {
      const env = { [`INPUT_${one.toUpperCase()}`]: a, [`INPUT_${other.toUpperCase()}`]: b };
      for (const name of NAMES) delete process.env[`INPUT_${name.toUpperCase()}`];
      Object.assign(process.env, env);
      try {
        check(readInputs());
      } catch (error) {
        if (!(error instanceof BadInputError)) throw error;
        expect(error.message).toMatch(/^The input `[a-z-]+` is [\s\S]*\.$/);
        expect(error.remedy).toMatch(/^(Write|Set) /);
      }
    }),
    CASES,
  );
});
