/** A release version as tags carry it: two to four numbers, perhaps a pre-release and build metadata. */
export interface ReleaseVersion {
  /** Without `v` or another prefix, e.g. `1.2.0-rc.1`. */
  readonly text: string;
  /** Digits without leading zeros; missing ones count as 0. */
  readonly numbers: readonly string[];
  /** Identifiers after `-`; empty for a final version. */
  readonly preRelease: readonly string[];
  /** Identifiers after `+`. */
  readonly build: readonly string[];
}

const VERSION =
  /^(?<numbers>\d+(?:\.\d+){1,3})(?:-(?<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+(?<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** What people put before a version: `v1.2.3`, `release-1.2.3`, `release/v1.2.3`. */
const PREFIX = /^(?:(?:release|rel|version|ver)[-_/.]?)?v?/i;

/** Reads a release version with an optional prefix; undefined for anything else (`v2`, `nightly`, `docs-1`). */
export function parseReleaseVersion(tag: string): ReleaseVersion | undefined {
  const text = tag.replace(PREFIX, '');
  const groups = VERSION.exec(text)?.groups;
  if (groups === undefined) return undefined;
  return {
    text,
    numbers: (groups['numbers'] ?? '').split('.').map(withoutZeros),
    preRelease: groups['pre']?.split('.') ?? [],
    build: groups['build']?.split('.') ?? [],
  };
}

/**
 * Orders release versions: negative when `a` is lower. Numbers and pre-releases as in Semantic Versioning 2.0.0; build
 * metadata, which has no precedence there, decides between versions that are otherwise equal, since a relup between
 * `1.0.0+1` and `1.0.0+2` is a real upgrade.
 */
export function compareReleaseVersions(a: ReleaseVersion, b: ReleaseVersion): number {
  return (
    compareNumbers(a.numbers, b.numbers) ||
    Number(a.preRelease.length === 0) - Number(b.preRelease.length === 0) ||
    compareIdentifiers(a.preRelease, b.preRelease) ||
    compareIdentifiers(a.build, b.build)
  );
}

export function isPreRelease(version: ReleaseVersion): boolean {
  return version.preRelease.length > 0;
}

function compareNumbers(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = compareDigits(a[index] ?? '0', b[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function compareIdentifiers(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareIdentifier(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifier(a: string, b: string): number {
  const numeric = [a, b].map((identifier) => /^\d+$/.test(identifier));
  if (numeric[0] && numeric[1]) return compareDigits(withoutZeros(a), withoutZeros(b));
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return compareText(a, b);
}

/** Digits as text: dates and build numbers may be larger than a number holds exactly. */
function compareDigits(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
