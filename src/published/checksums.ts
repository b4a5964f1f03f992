/** The file with the SHA-256 of all others, as `sha256sum --check` reads it. */
export const CHECKSUMS = 'SHA256SUMS';

/** File name → SHA-256, lower-case hex. */
export type Checksums = ReadonlyMap<string, string>;

const LINE = /^([0-9a-f]{64}) [ *](.+)$/gm;

/** Pure. */
export function readChecksums(text: string): Checksums {
  return new Map([...text.matchAll(LINE)].map(([, sum = '', name = '']) => [name, sum]));
}

/** Sorted by name, so that the same files give the same bytes. Pure. */
export function checksumsText(checksums: Checksums): string {
  const names = [...checksums.keys()].sort();
  return names.map((name) => `${checksums.get(name)}  ${name}\n`).join('');
}
