import { expect, test } from 'vitest';
import { locationOf, parseCommand } from '../../../src/actions/cli/workflow-command.js';

test('commands as @actions/core writes them', () => {
  expect(parseCommand('::group::Build')).toEqual({ name: 'group', properties: {}, text: 'Build' });
  const line = '::error title=a%3Ab%2C c,file=src/x.erl,line=3::50 %25 of it%0Amore: ::group::';
  expect(parseCommand(line)).toEqual({
    name: 'error',
    properties: { title: 'a:b, c', file: 'src/x.erl', line: '3' },
    text: '50 % of it\nmore: ::group::',
  });
  expect(locationOf(parseCommand(line)?.properties ?? {})).toEqual({ file: 'src/x.erl', line: 3 });
  expect(locationOf({})).toBeUndefined();
});

test.each(['', 'plain', ' ::error::x', ': :error::x', '::', 'a ::error::x'])('no command: %j', (line) => {
  expect(parseCommand(line)).toBeUndefined();
});
