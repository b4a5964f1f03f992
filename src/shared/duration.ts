const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/** Reads a duration as inputs carry it: `90s`, `5m`, `1h`, or seconds as `90`. @returns seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9})([smh]?)$/.exec(text.trim()) ?? [];
  const seconds = SECONDS[unit];
  return digits === undefined || seconds === undefined ? undefined : Number(digits) * seconds;
}
