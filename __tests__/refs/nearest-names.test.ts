import { expect, it } from 'vitest';
import { nearestNames } from '../../src/refs/nearest-names.js';

it('finds the names with the fewest edits', () => {
  const names = ['main', 'v0.9.0', 'v1.0.0', 'v1.0.10', '1.0.1'];
  expect(nearestNames('v1.0.1', names)).toEqual(['v1.0.0', 'v1.0.10', '1.0.1']);
  expect(nearestNames('mian', names, 1)).toEqual(['main']);
  expect(nearestNames('', names, 1)).toEqual(['main']);
  expect(nearestNames('x', [])).toEqual([]);
});
