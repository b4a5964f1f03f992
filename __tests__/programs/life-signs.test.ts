import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { awaitSigns, giveSigns, SIGN } from '../../src/programs/life-signs.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const PULSE = { everyMs: 10, missing: 3 };

it('a helper that gives signs is there, for however long', () => {
  const gone = vi.fn();
  const signs = awaitSigns(gone, PULSE);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    if (text === `${SIGN}\n`) signs.sign();
    return true;
  });
  giveSigns(PULSE);
  vi.advanceTimersByTime(10_000);
  expect(gone).not.toHaveBeenCalled();
  signs.stop();
  expect(vi.getTimerCount()).toBe(1);
});

it('a helper of whom too many signs are missing is gone, which is told once', () => {
  const gone = vi.fn();
  const signs = awaitSigns(gone, PULSE);
  vi.advanceTimersByTime(30);
  signs.sign();
  vi.advanceTimersByTime(30);
  expect(gone).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(gone).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
