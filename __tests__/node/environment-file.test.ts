import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseEnvironmentFile, readEnvironmentFile } from '../../src/node/environment-file.js';
import { temporaryFolder } from '../support/repository.js';

const parse = (text: string): Record<string, string> => parseEnvironmentFile(text, '/etc/default/app');

describe('as systemd reads it', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['\n  # comment\n; another\nA=1', { A: '1' }],
    ['# goes on \\\nB=2\nA=1', { A: '1' }],
    ['  A =  with spaces \t\n', { A: 'with spaces' }],
    ['A=', { A: '' }],
    ['A=""\nB=\'\'', { A: '', B: '' }],
    ['A=x=y', { A: 'x=y' }],
    ['A=1\nA=2', { A: '2' }],
    ['A="double quoted  "', { A: 'double quoted  ' }],
    [`A='it is "so"'`, { A: 'it is "so"' }],
    [`A="a"'b' c`, { A: 'abc' }],
    ['A=say "hi"', { A: 'say "hi"' }],
    ['A=${HOME} $B `c`', { A: '${HOME} $B `c`' }],
    ['A="\\"\\\\\\$\\`\\n"', { A: '"\\$`\\n' }],
    [String.raw`A=a\ b\c`, { A: 'a bc' }],
    ['A=end\\ \nB=2', { A: 'end ', B: '2' }],
    ['A=one \\\ntwo', { A: 'one two' }],
    ['A="one\ntwo"\nB=2', { A: 'one\ntwo', B: '2' }],
    ['A="one \\\ntwo"', { A: 'one two' }],
    ["A='one\\\ntwo'", { A: 'one\\\ntwo' }],
    ['A=1 # no comment', { A: '1 # no comment' }],
    ['A=ü', { A: 'ü' }],
  ])('%j', (text, variables) => {
    expect(parse(text)).toEqual(variables);
  });

  it('gives back whatever was quoted', () => {
    const quoted = (value: string): string => `"${value.replaceAll(/["\\`$]/g, '\\$&')}"`;
    const text = fc.string({ unit: 'binary' }).filter((value) => !/[\0\r]/.test(value));
    fc.assert(
      fc.property(text, (value) => {
        expect(parse(`A=${quoted(value)}\nB=2`)).toEqual({ A: value, B: '2' });
      }),
    );
  });
});

describe('a bad line is named', () => {
  it.each([
    ['A=1\nB', 'line 2 has no ='],
    ['\n\nexport A=1', 'line 3 sets "export A", which is not a variable name'],
    ['1A=1', 'line 1 sets "1A", which is not a variable name'],
    ['=1', 'line 1 sets "", which is not a variable name'],
    ['A=1\nB="2\n3\n', 'line 2 has a quote that is not closed'],
    ["A='1", 'line 1 has a quote that is not closed'],
  ])('%j', (text, reason) => {
    expect(() => parse(text)).toThrow(`The env-file /etc/default/app cannot be used: ${reason}.`);
  });
});

describe('a file', () => {
  const folder = temporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (content: string | Buffer): string => {
    const path = join(folder, 'service.env');
    writeFileSync(path, content);
    return path;
  };

  it('is read', async () => {
    expect(await readEnvironmentFile(written('A=1\n'))).toEqual({ A: '1' });
  });

  it('that is missing, or no text, is refused', async () => {
    await expect(readEnvironmentFile(join(folder, 'none'))).rejects.toThrow(
      /The env-file .*none cannot be read: ENOENT/,
    );
    for (const content of [Buffer.from([0x41, 0x3d, 0xff]), 'A=\0']) {
      await expect(readEnvironmentFile(written(content))).rejects.toThrow(/is not UTF-8 text/);
    }
  });
});
