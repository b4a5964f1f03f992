import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareReleaseVersions,
  isPreRelease,
  parseReleaseVersion,
  type ReleaseVersion,
} from '../../src/refs/release-version.js';
import { CASES } from '../support/hostile-text.js';

function parse(text: string): ReleaseVersion {
  const version = parseReleaseVersion(text);
  if (version === undefined) throw new Error(`${text} is no release version`);
  return version;
}

const compare = (a: string, b: string) => Math.sign(compareReleaseVersions(parse(a), parse(b)));

describe('parseReleaseVersion', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2.3', '1.2.3'],
    ['V1.2', '1.2'],
    ['release-1.2.3', '1.2.3'],
    ['release/v1.2.3', '1.2.3'],
    ['rel_1.2', '1.2'],
    ['version-1.2', '1.2'],
    ['1.2.3.4', '1.2.3.4'],
    ['2024.01.05', '2024.01.05'],
    ['v1.0.0-rc.1+build.5', '1.0.0-rc.1+build.5'],
    ['1.0.0--', '1.0.0--'],
  ])('reads %s as %s', (tag, text) => {
    expect(parseReleaseVersion(tag)?.text).toBe(text);
  });

  it.each([
    'nightly',
    'docs-1',
    'docs-1.0',
    'vision-1.2',
    'v2',
    '7',
    '1.2.3.4.5',
    '1.2.',
    '1..2',
    '1.2.3-',
    '1.2.3-rc..1',
    '1.2.3+',
    'v1.0.0;id',
    'v1.0.0$(id)',
    'v1.0.0\n',
    '１.２.３',
    '',
  ])('does not take %j for a release version', (tag) => {
    expect(parseReleaseVersion(tag)).toBeUndefined();
  });

  it('tells pre-releases from final versions', () => {
    expect(isPreRelease(parse('1.0.0-rc.1'))).toBe(true);
    expect(isPreRelease(parse('1.0.0+rc.1'))).toBe(false);
  });
});

describe('compareReleaseVersions', () => {
  it('orders as Semantic Versioning does', () => {
    const ordered = [
      '0.9.0',
      '1.0.0-1',
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
      '1.0.0+1',
      '1.0.0+2',
      '1.0.0+10',
      '1.0.1',
      '1.0.1.1',
      '1.9',
      '1.10',
      '20240105.99999999999999999998',
      '20240105.99999999999999999999',
    ];
    const shuffled = [...ordered].sort((a, b) => (a < b ? 1 : -1));
    expect(shuffled.sort(compare)).toEqual(ordered);
  });

  it.each([
    ['1.2', 'v1.2.0'],
    ['1.2.0', '1.2.0.0'],
    ['2024.01', '2024.1'],
  ])('takes %s and %s for the same version', (a, b) => {
    expect(compare(a, b)).toBe(0);
  });

  // Identifiers as data, so that the expected order comes from numbers and letters and not from the text of a version.
  const identifier = fc.oneof(fc.nat(12), fc.constantFrom('a', 'b', 'rc', 'x-1'));
  const anyVersion = fc.record({
    numbers: fc.array(fc.nat(12), { minLength: 2, maxLength: 4 }),
    pre: fc.array(identifier, { maxLength: 3 }),
  });
  type Version = { numbers: number[]; pre: (number | string)[] };
  const write = ({ numbers, pre }: Version) =>
    `${numbers.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}`;

  function precedence(a: Version, b: Version): number {
    for (let index = 0; index < 4; index++) {
      const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
      if (difference !== 0) return Math.sign(difference);
    }
    if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
    for (let index = 0; index < 3; index++) {
      const left = a.pre[index];
      const right = b.pre[index];
      if (left === right) continue;
      if (left === undefined) return -1;
      if (right === undefined) return 1;
      if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
      return left < right ? -1 : 1;
    }
    return 0;
  }

  it('agrees with the precedence of Semantic Versioning', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, (a, b) => {
        expect(compare(write(a), write(b))).toBe(precedence(a, b));
      }),
      CASES,
    );
  });

  it('is a total order, also with build metadata', () => {
    const build = fc.array(identifier, { maxLength: 2 });
    const text = fc
      .tuple(anyVersion, build)
      .map(([version, build]) => write(version) + (build.length > 0 ? `+${build.join('.')}` : ''));
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(compare(a, a)).toBe(0);
        expect(compare(a, b) + compare(b, a)).toBe(0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
      CASES,
    );
  });
});
