import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neutralise } from '../../src/shared/workflow-commands.js';

/** How the runner recognises commands: `::` at the start of a trimmed line, or `##[` anywhere. */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith('::') || line.includes('##[');
}

test.each([
  '::set-output name=x::y',
  '  ::stop-commands::t',
  '\t::error::x',
  'text ##[error]boom',
  '##[group]x',
])('%s is no command afterwards', (line) => {
  expect(isCommand(line)).toBe(true);
  expect(isCommand(neutralise(line))).toBe(false);
});

test('other lines stay as they are', () => {
  for (const line of ['===> Compiling x', 'src/x.erl:3:1: undefined', 'a :: b', '', '# [x]']) {
    expect(neutralise(line)).toBe(line);
  }
});

test('no line whatsoever is a command afterwards', () => {
  const piece = fc.constantFrom('::', '##[', ' ', '#', '[', ':', 'a', '\t', '\u00a0', '\ufeff');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => !isCommand(neutralise(pieces.join('')))),
    { numRuns: 10_000 },
  );
});
