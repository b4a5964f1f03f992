/** Bytes with a unit, e.g. `17.6 kB`; decimal units as in file managers. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}

export function seconds(time: number): string {
  return `${time.toFixed(1)} s`;
}

export function milliseconds(time: number): string {
  return `${(1000 * time).toFixed(1)} ms`;
}

/** `1 module`, `3 modules`. */
export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
