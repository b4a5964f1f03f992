/** How often a helper gives a sign, and how many may be missing. */
interface Pulse {
  readonly everyMs: number;
  readonly missing: number;
}

/** A minute without a sign; signs are counted, not time: a machine that stood still has missed one only. */
const PULSE: Pulse = { everyMs: 2000, missing: 30 };

/** The line by which a helper says that it is there. */
export const SIGN = 'relup-sign-of-life';

/** How a helper that hangs ends; to follow `The part of the deploy …`. */
export const HUNG = 'gave no sign of life for a minute, so it was ended';

/** In the helper: gives signs on standard output, for as long as something else keeps it. */
export function giveSigns({ everyMs } = PULSE): void {
  setInterval(() => process.stdout.write(`${SIGN}\n`), everyMs).unref();
}

/**
 * Waits for signs of a helper; it also keeps us from ending meanwhile.
 *
 * @param gone called once when too many were missing
 */
export function awaitSigns(gone: () => void, { everyMs, missing } = PULSE): { sign(): void; stop(): void } {
  let missed = 0;
  const timer = setInterval(() => {
    missed += 1;
    if (missed <= missing) return;
    clearInterval(timer);
    gone();
  }, everyMs);
  return { sign: () => void (missed = 0), stop: () => clearInterval(timer) };
}
