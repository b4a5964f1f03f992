import { expect, test } from 'vitest';
import { parseDuration } from '../../src/shared/duration.js';

test.each([
  ['90s', 90],
  ['5m', 300],
  ['1h', 3600],
  ['90', 90],
  ['0s', 0],
  [' 10s ', 10],
])('%j is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', 's', '-1s', '1.5m', '5 m', '1m30s', '5min', '1e3', '9'.repeat(10), 'ten'])(
  '%j is none',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
