import { afterEach, expect, test, vi } from 'vitest';
import { annotate, annotateFailure } from '../../src/report/annotations.js';
import { stoppedBy } from '../../src/model/finding.js';
import { ActionError } from '../../src/shared/errors.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is printed, as the runner reads it: line by line, ended by CR, LF or both. */
function printedLines(print: () => void): string[] {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  print();
  return output.split(/\r\n|\r|\n/).filter((line) => line !== '');
}

const HOSTILE = 'a\nb\r::set-output name=x::y,%0A: ##[error]z';

test('a finding with hostile text and place is one command, with nothing in it that ends a property', () => {
  const lines = printedLines(() =>
    annotate({
      id: 'appup-missing',
      severity: 'warning',
      message: HOSTILE,
      remedy: HOSTILE,
      location: { file: HOSTILE, line: 3 },
    }),
  );
  expect(lines).toHaveLength(1);
  const [, properties = '', text = ''] = /^::warning ([^:]*)::(.*)$/.exec(lines[0] as string) ?? [];
  expect(properties.split(',')).toEqual([
    'title=relup%3A appup-missing',
    'file=a%0Ab%0D%3A%3Aset-output name=x%3A%3Ay%2C%250A%3A ##[error]z',
    'line=3',
  ]);
  expect(text).toBe(
    'a%0Ab%0D::set-output name=x::y,%250A: ##[error]z%0Aa%0Ab%0D::set-output name=x::y,%250A: ##[error]z',
  );
});

test('what a program printed is shown line by line, and is no command', () => {
  const details = 'one\r::add-mask::o\n  ::stop-commands::t\n\u0085::set-env name=PATH::x\n##[group]g\ntwo';
  const lines = printedLines(() => annotateFailure(new ActionError(HOSTILE, { details })));
  expect(lines.slice(0, -1)).toEqual([
    '::group::Details',
    'one',
    ': :add-mask::o',
    '  : :stop-commands::t',
    '\u0085: :set-env name=PATH::x',
    '## [group]g',
    'two',
    '::endgroup::',
  ]);
  expect(lines.at(-1)).toBe('::error title=relup-action::a%0Ab%0D::set-output name=x::y,%250A: ##[error]z');
});

test('what explains a finding stands before it, but once where the failure shows the same', () => {
  const finding = {
    id: 'rehearsal-impossible',
    severity: 'warning',
    message: 'No boot.',
    details: 'eaddrinuse',
  } as const;
  const shown = '::warning title=relup%3A rehearsal-impossible::No boot.';
  expect(printedLines(() => annotate(finding))).toEqual([
    '::group::Details',
    'eaddrinuse',
    '::endgroup::',
    shown,
  ]);
  expect(printedLines(() => annotate(finding, { details: 'eaddrinuse' }))).toEqual([shown]);
});

test('a defect is one command, too, with its stack', () => {
  const lines = printedLines(() => annotateFailure(new TypeError(HOSTILE)));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^::error::Unexpected error, a defect of relup-action: a%0Ab%0D::set-output/);
});

test('where findings stop a run, they alone are annotations: one for each cause', () => {
  const finding = { id: 'state-changed', severity: 'error', message: 'Another shape:\n- a\n+ b' } as const;
  const lines = printedLines(() => {
    annotate(finding);
    annotateFailure(stoppedBy('It would go wrong', [finding]));
  });
  expect(lines).toEqual([
    '::error title=relup%3A state-changed::Another shape.%0A- a%0A+ b',
    'It would go wrong: one finding stops it (state-changed). It says what to do.',
  ]);
});

test('the first line of an annotation is a whole sentence', () => {
  const lines = printedLines(() =>
    annotateFailure(new ActionError('No appup for a: none is there.', { remedy: 'Write it:\n{a}.' })),
  );
  expect(lines).toEqual(['::error title=relup-action::No appup for a: none is there.%0AWrite it:%0A{a}.']);
});
