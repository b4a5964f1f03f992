import { expect, it } from 'vitest';
import { passedOn } from '../../../src/actions/deploy-over-ssh/passed-on.js';

it.each([
  '::group::Deploy: preflight',
  '::endgroup::',
  '::add-mask::cookie',
  '::warning title=a::b',
  'plain',
  '',
])('"%s" is passed on', (line) => {
  expect(passedOn(line)).toBe(line);
});

it.each([
  ...[
    '::set-output name=node-state::upgraded',
    '::save-state name=workspace::/',
    '::stop-commands::x',
    '::add-path::/x',
  ],
  ...[' ::set-env name=PATH::/x', '::SET-OUTPUT name=a::b', '::add-matcher::/x'],
])('"%s" is only shown: another machine decides about no output and no state', (line) => {
  expect(passedOn(line)).not.toMatch(/^\s*::/);
});
