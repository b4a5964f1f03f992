import fc from 'fast-check';
import { expect, test } from 'vitest';
import { neutralise } from '../../src/shared/workflow-commands.js';

/** White space of .NET, in which the runner is written, and characters that its comparison of texts skips. */
const BEFORE =
  // eslint-disable-next-line no-control-regex -- control characters are among them
  /^[\u0000-\u0020\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+/;

/** How the runner recognises commands: `::` at the start of a trimmed line, or `##[` anywhere. */
function isCommand(line: string): boolean {
  return line.replace(BEFORE, '').startsWith('::') || line.includes('##[');
}

/** The lines that the runner reads: .NET ends them at CR, LF and both. */
function hasCommand(text: string): boolean {
  return text.split(/\r\n|\r|\n/).some(isCommand);
}

test.each([
  '::set-output name=x::y',
  '  ::stop-commands::t',
  '\t::error::x',
  '\u0085::add-mask::x',
  '\u3000\u200b::add-mask::x',
  '\ufeff::set-env name=x::y',
  'text ##[error]boom',
  '##[group]x',
  'two\n::error::lines',
  'two\r::error::lines',
  'two\r\n ::error::lines',
])('%j is no command afterwards', (text) => {
  expect(hasCommand(text)).toBe(true);
  expect(hasCommand(neutralise(text))).toBe(false);
});

test('other lines stay as they are', () => {
  for (const line of ['===> Compiling x', 'src/x.erl:3:1: undefined', 'a :: b', '', '# [x]', 'a\nb\r\nc']) {
    expect(neutralise(line)).toBe(line);
  }
});

test('no text whatsoever holds a command afterwards', () => {
  const piece = fc.constantFrom(
    ...['::', '##[', ' ', '#', '[', ':', 'a', '\t', '\r', '\n', '\r\n'],
    ...['\u0000', '\u0085', '\u00a0', '\u00ad', '\u200d', '\u2028', '\u2029', '\u3000', '\ufeff', '\ud800'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => !hasCommand(neutralise(pieces.join('')))),
    { numRuns: 20_000 },
  );
});
