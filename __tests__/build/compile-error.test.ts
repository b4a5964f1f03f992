import { expect, test } from 'vitest';
import { compileError, inRepository } from '../../src/build/compile-error.js';

// As 3.19, and as 3.24 and 3.28 print it, without colours.
const PLAIN = "===> Compiling src/worse.erl failed\nsrc/worse.erl:4:3: variable 'Y' is unbound\n";
const DRAWN = `===> Compiling src/worse.erl failed
   ┌─ src/worse.erl:
   │
 4 │    Y.
   │    ╰── variable 'Y' is unbound

`;

test.each([PLAIN, DRAWN])('file, line, column and reason of a file that does not compile', (output) => {
  const warning = 'src/other.erl:1:1: Warning: variable X is unused\n';
  expect(compileError(`===> Compiling helloworld\n${warning}${output}`)).toEqual({
    place: { file: 'src/worse.erl', line: 4, column: 3 },
    text: "variable 'Y' is unbound",
  });
});

test('a header that is missing, not what follows from it', () => {
  const output = `===> Compiling _build/default/lib/a/src/b.erl failed
_build/default/lib/a/src/b.erl:{20,14}: can't find include lib "ssl/src/ssl_api.hrl"

_build/default/lib/a/src/b.erl:45:67: record sslsocket undefined
`;
  expect(compileError(output)).toEqual({
    place: { file: '_build/default/lib/a/src/b.erl', line: 20, column: 14 },
    text: `can't find include lib "ssl/src/ssl_api.hrl"`,
  });
});

test.each(['', '===> Compiling helloworld\n', '===> Compiling src/a.erl failed\n{badmatch,1}\n'])(
  'nothing where no place is named: %j',
  (output) => expect(compileError(output)).toBeUndefined(),
);

test('a place is told relative to the repository, and not for dependencies', () => {
  const at = (file: string) =>
    inRepository({ file, line: 1 }, { topDir: '/w/sub', projectPath: 'sub' })?.file;
  expect(at('apps/a/src/a.erl')).toBe('sub/apps/a/src/a.erl');
  expect(at('/w/sub/apps/a/src/a.erl')).toBe('sub/apps/a/src/a.erl');
  expect(at('/w/sub/_build/default/lib/dep/src/dep.erl')).toBeUndefined();
  expect(at('/elsewhere/a.erl')).toBeUndefined();
});
