/** What the runner sends when a job is cancelled: first the one, 7.5 seconds later the other. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that must not be cut off in the middle of a step (H110): the first signal only aborts what `work` is given, with
 * the signal's name as reason; a second one does what signals did before.
 */
export async function deferringCancel<T>(work: (cancel: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  const earlier = SIGNALS.map((name) => ({ name, listeners: process.listeners(name) }));
  const restore = (): void => {
    for (const { name, listeners } of earlier) {
      process.off(name, request);
      for (const listener of listeners) process.once(name, listener);
    }
  };
  const request = (name: NodeJS.Signals): void => {
    restore();
    cancel.abort(name);
  };
  for (const { name, listeners } of earlier) {
    for (const listener of listeners) process.off(name, listener);
    process.on(name, request);
  }
  try {
    return await work(cancel.signal);
  } finally {
    if (!cancel.signal.aborted) restore();
  }
}
