import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deferringCancel } from '../../src/shared/cancel.js';

const earlier = vi.fn();

beforeEach(() => {
  earlier.mockClear();
  process.once('SIGTERM', earlier);
});

afterEach(() => {
  process.off('SIGTERM', earlier);
});

test('the first signal is told to the work, the second to whom signals were told before', async () => {
  const reason = await deferringCancel((cancel) => {
    process.emit('SIGTERM', 'SIGTERM');
    expect(earlier).not.toHaveBeenCalled();
    process.emit('SIGTERM', 'SIGTERM');
    expect(earlier).toHaveBeenCalledOnce();
    return Promise.resolve(cancel.reason as unknown);
  });
  expect(reason).toBe('SIGTERM');
});

test('afterwards signals go to whom they went before, once', async () => {
  const listeners = process.listeners('SIGINT');
  await expect(deferringCancel(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(process.listeners('SIGINT')).toEqual(listeners);
  process.emit('SIGTERM', 'SIGTERM');
  process.emit('SIGTERM', 'SIGTERM');
  expect(earlier).toHaveBeenCalledOnce();
});
