import { expect, it } from 'vitest';
import { checkDeployable } from '../../src/deploy/deployable.js';

const made = { name: 'hello', version: '1.1.0', upgradeKind: 'hot', verdict: 'hot' };

it('only what a rehearsal proved comes to a node that runs', () => {
  expect(() => checkDeployable(made)).not.toThrow();
  expect(() => checkDeployable({ ...made, upgradeKind: 'restart', verdict: 'restart' })).toThrow(
    'hello 1.1.0 is not a hot upgrade: its upgrade kind is restart.',
  );
  expect(() => checkDeployable({ ...made, verdict: 'unproven' })).toThrow(
    'hello 1.1.0 was not proven by a rehearsal: its verdict is unproven.',
  );
});
