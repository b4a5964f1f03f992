import { expect, test } from 'vitest';
import { deskWords as inWords } from '../../../src/actions/cli/desk-words.js';

const inputs = new Set(['soak', 'health-timeout', 'upgrade-from', 'github-token', 'release']);
const deskWords = (text: string): string => inWords(text, inputs);

test('what is said of inputs is said of options', () => {
  expect(deskWords('The input `soak` (60 s) is not shorter than `health-timeout` (60 s).')).toBe(
    'The option `--soak` (60 s) is not shorter than `--health-timeout` (60 s).',
  );
  expect(deskWords('Set `upgrade-from: none` for the new version only.')).toBe(
    'Set `--upgrade-from none` for the new version only.',
  );
});

test('what only looks like an input stays', () => {
  const others = 'Set `otp-version` in the erlef/setup-beam step, then run `rebar3 as prod release`.';
  expect(deskWords(others)).toBe(others);
});

test('the token has no option', () => {
  expect(deskWords('the input `github-token` is empty')).toBe('the variable GITHUB_TOKEN is empty');
});
