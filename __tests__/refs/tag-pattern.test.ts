import { describe, expect, it } from 'vitest';
import { TagPattern } from '../../src/refs/tag-pattern.js';
import { BadInputError } from '../../src/shared/errors.js';

describe('TagPattern', () => {
  it.each([
    ['v*', 'v1.2.3', true],
    ['v*', 'x1.2.3', false],
    ['v*', 'v1/2', false],
    ['v**', 'v1/2', true],
    ['[0-9]*', '1.2.3', true],
    ['[0-9]*', 'v1.2.3', false],
    ['[!v]*', '1.2', true],
    ['[!v]*', 'v1.2', false],
    ['v?1.?2', 'v1.2', true],
    ['v?1.?2', '12', true],
    ['v?1.?2', 'w1.2', false],
    ['v[0-9]+.[0-9]+.[0-9]+', 'v1.12.3', true],
    ['v[0-9]+.[0-9]+.[0-9]+', 'v1.2.3-rc.1', false],
    ['v[0-9]+.[0-9]+.[0-9]+', 'v1.2', false],
    ['v[0-9]+.[0-9]+.[0-9]+*', 'v1.2.3-rc.1', true],
    ['v[0-9]+.[0-9]+.[0-9]+-rc.?[0-9]?', 'v1.2.3-rc1', true],
    ['*.jsx?', 'page.js', true],
    ['v+', 'vvv', true],
    ['v+?', '', true],
    ['v*+', 'v1', true],
    ['v1.0.0\\+1', 'v1.0.0+1', true],
    ['\\!v*', '!v1', true],
    ['**/v*', 'app/v1.0.0', true],
    ['v1.*', 'v1x2', false],
    ['a\\+(b)|c$', 'a+(b)|c$', true],
    ['é*', 'é1.0', true],
    ['[a\\^]', '\\', true],
    ['****v', 'v', true],
  ])('%s against %s: %s', (glob, tag, expected) => {
    expect(new TagPattern([glob]).matches(tag)).toBe(expected);
  });

  it.each([
    ['v*', 'v1.2.3', '1.2.3'],
    ['v1*', 'v1.2.3', '1.2.3'],
    ['v1.2.*', 'v1.2.3', '1.2.3'],
    ['release-*', 'release-v1.2', '1.2'],
    ['myapp-*', 'myapp-1.2.3', '1.2.3'],
    ['app2/v*', 'app2/v1.2.3', '1.2.3'],
    ['app2-*', 'app2-1.2.3', '1.2.3'],
    ['OTP-*', 'OTP-27.0-rc1', '27.0-rc1'],
    ['*', 'v1.2.3', '1.2.3'],
    ['v[0-9]+.[0-9]+.[0-9]+', 'v1.2.3', '1.2.3'],
    ['v?[0-9]+.[0-9]+.[0-9]+', '1.2.3', '1.2.3'],
    ['app-v?[0-9]*', 'app-v1.2.3', '1.2.3'],
  ])('%s reads the version of %s', (glob, tag, version) => {
    expect(new TagPattern([glob]).version(tag)?.text).toBe(version);
  });

  it.each([
    ['v*', 'vision-1.2'],
    ['*', 'docs-1.2'],
    ['myapp-*', 'other-1.2'],
    ['v*', 'v2'],
  ])('%s finds no version in %s', (glob, tag) => {
    expect(new TagPattern([glob]).version(tag)).toBeUndefined();
  });

  it('tries all patterns', () => {
    const pattern = new TagPattern(['v*', '[0-9]*', 'vision-*']);
    expect(pattern.version('1.0')?.text).toBe('1.0');
    expect(pattern.version('vision-1.2')?.text).toBe('1.2');
    expect(pattern.toString()).toBe('v*, [0-9]*, vision-*');
  });

  it('goes by the order of patterns with and without !', () => {
    const pattern = new TagPattern(['v*', '!v*-*', 'v2.0.0-rc*']);
    const tags = ['v1.0.0', 'v1.0.0-rc1', 'v2.0.0-rc1'];
    expect(tags.map((tag) => pattern.version(tag)?.text)).toEqual(['1.0.0', undefined, '2.0.0-rc1']);
  });

  it.each([[['v[0-9']], [['[9-0]']], [['+1']], [['!?']], [['!v*']], [[]]])(
    'refuses %j',
    (globs: string[]) => {
      expect(() => new TagPattern(globs)).toThrow(BadInputError);
    },
  );
});
