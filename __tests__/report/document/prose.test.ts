import { expect, test } from 'vitest';
import { code, codeBlock, paragraph } from '../../../src/report/document/blocks.js';
import { prose } from '../../../src/report/document/prose.js';

test('sentences wrap; names in backticks and Erlang terms are code', () => {
  expect(prose('Set `deploy-root`, or write {update, web, {advanced, []}} and ${PORT:-80}.')).toEqual([
    paragraph(
      'Set ',
      code('deploy-root'),
      ', or write ',
      code('{update, web, {advanced, []}}'),
      ' and ',
      code('${PORT:-80}'),
      '.',
    ),
  ]);
  expect(prose('One.\nTwo.')).toEqual([paragraph('One.'), paragraph('Two.')]);
  expect(prose('An open {brace, and no end')).toEqual([paragraph('An open {brace, and no end')]);
});

test('what a line with a colon announces is to be pasted', () => {
  expect(prose('Another shape:\n- a\n+ b')).toEqual([
    paragraph('Another shape:'),
    codeBlock('- a\n+ b', 'diff'),
  ]);
  expect(prose('Append to it:\nf() ->\n\n    ok.\n')).toEqual([
    paragraph('Append to it:'),
    codeBlock('f() ->\n\n    ok.', 'erlang'),
  ]);
  expect(prose('Set it in this step:\nenv:\n  A: …')).toEqual([
    paragraph('Set it in this step:'),
    codeBlock('env:\n  A: …'),
  ]);
});

test('one text to paste after the other', () => {
  expect(prose('Write a.appup.src:\n{a}.\nWrite b.appup.src:\n{b}.')).toEqual([
    paragraph('Write a.appup.src:'),
    codeBlock('{a}.', 'erlang'),
    paragraph('Write b.appup.src:'),
    codeBlock('{b}.', 'erlang'),
  ]);
});

test('a patch is a diff, in a message that ends with it', () => {
  const patch = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b';
  expect(prose(`Raise it.\nTo paste into git apply:\n${patch}\n`)).toEqual([
    paragraph('Raise it.'),
    paragraph('To paste into git apply:'),
    codeBlock(patch, 'diff'),
  ]);
});
