import { expect, test } from 'vitest';
import { checkPlatform } from '../../src/build/toolchain.js';

test('runs on Linux, and says so on everything else', () => {
  expect(() => checkPlatform('linux')).not.toThrow();
  expect(() => checkPlatform('win32')).toThrow(
    'relup-action runs on Linux runners only; this runner is Windows.',
  );
  expect(() => checkPlatform('darwin')).toThrow(/this runner is macOS/);
  expect(() => checkPlatform('freebsd')).toThrow(/this runner is freebsd/);
});
