/** Numbers, or runs of anything else that is no separator. */
const PART = /\d+|[^\d._+~-]+/g;

/**
 * Orders application versions, which are any text: numbers by value, everything else as text, a pre-release (`1.0-rc1`)
 * before its version, and what follows `+` last. Negative when `a` is lower.
 */
export function compareApplicationVersions(a: string, b: string): number {
  const [left, leftBuild] = split(a);
  const [right, rightBuild] = split(b);
  return compareTexts(left, right) || compareTexts(leftBuild, rightBuild);
}

function split(version: string): [string, string] {
  const plus = version.indexOf('+');
  // `0.` keeps a version without build metadata below one with it
  return plus < 0 ? [version, ''] : [version.slice(0, plus), `0.${version.slice(plus + 1)}`];
}

function compareTexts(a: string, b: string): number {
  const left: readonly string[] = a.match(PART) ?? [];
  const right: readonly string[] = b.match(PART) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareParts(a: string | undefined, b: string | undefined): number {
  // letters come before the end, the end before a number: 1.0-rc1 < 1.0 < 1.0.1
  const rank = (part: string | undefined): number => (part === undefined ? 1 : /^\d/.test(part) ? 2 : 0);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === undefined || b === undefined || a === b) return 0;
  if (rank(a) === 0) return a < b ? -1 : 1;
  const order = BigInt(a) - BigInt(b);
  return order < 0n ? -1 : order > 0n ? 1 : 0;
}
