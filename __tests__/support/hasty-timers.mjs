// For `node --import`: the toolkit waits seconds before it tries again, which no option shortens; here it tries at once.
// Other timers keep their time.
const original = globalThis.setTimeout;
Object.defineProperty(globalThis, 'setTimeout', {
  value: (work, wait, ...rest) =>
    original(work, wait !== undefined && wait >= 1000 && wait <= 25_000 ? 1 : wait, ...rest),
});
