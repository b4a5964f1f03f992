import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefLike } from '../../src/programs/git.js';
import { formatConfig, parseConfigList } from '../../src/programs/git/config.js';
import { CASES, hostileText } from '../support/hostile-text.js';
import { TestRepository } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

// A program for each case would take minutes; all cases of a test go through one call.

let repository: TestRepository;
let erlang: SharedErlang;
beforeAll(async () => {
  repository = TestRepository.create();
  repository.commit('one');
  erlang = await sharedErlang(repository.dir);
});
afterAll(() => repository.remove());

const sample = <T>(arbitrary: fc.Arbitrary<T>): T[] => fc.sample(arbitrary, CASES.numRuns);

test('git takes whatever passes for a ref as one name that does not exist', () => {
  const refs = [...new Set(sample(hostileText).filter((text) => isRefLike(text) && text.isWellFormed()))];
  expect(refs.length).toBeGreaterThan(1000);
  const answers = execFileSync('git', ['cat-file', '--batch-check=%(objecttype)'], {
    cwd: repository.dir,
    input: refs.map((ref) => `${ref}^{commit}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  }).split('\n');
  const known = new Set(['@', 'HEAD', 'main']);
  for (const [index, ref] of refs.entries()) {
    if (!known.has(ref)) expect(answers[index]).toBe(`${ref}^{commit} missing`);
  }
  expect(answers.slice(refs.length)).toEqual(['']);
});

test('settings come out of a git configuration as they were put in', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  // Git's own rules: no NUL anywhere, no line end in a subsection.
  const text = hostileText.filter((value) => value.isWellFormed() && !value.includes('\0'));
  const subsection = text.filter((value) => value !== '' && !value.includes('\n'));
  const key = fc
    .tuple(word, fc.option(subsection), word)
    .map(([section, sub, name]) => (sub === null ? `${section}.${name}` : `${section}.${sub}.${name}`));
  const entries = sample(fc.record({ key, value: text }));
  const file = join(repository.dir, 'settings');
  writeFileSync(file, formatConfig(entries));
  const listed = execFileSync('git', ['config', '--file', file, '-z', '--list'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(parseConfigList(listed)).toEqual(entries);
});

/** Erlang source text of a value; strings become binaries with exactly these bytes. */
function erlangTerm(value: unknown): string {
  if (typeof value === 'string') return `<<${[...Buffer.from(value)].join(',')}>>`;
  if (Array.isArray(value)) return `[${value.map(erlangTerm).join(',')}]`;
  if (typeof value === 'number' && !Number.isInteger(value)) return floatTerm(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([key, member]) => `${erlangTerm(key)} => ${erlangTerm(member)}`);
  return `#{${members.join(',')}}`;
}

/** Erlang wants digits on both sides of the point. */
function floatTerm(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e');
  const digits = mantissa.includes('.') ? mantissa : `${mantissa}.0`;
  return exponent === undefined ? digits : `${digits}e${exponent}`;
}

test('what our Erlang code answers is JSON and says the same', () => {
  const text = hostileText.map((value) => value.toWellFormed());
  const float = fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => !Number.isInteger(value));
  const leaf = fc.oneof(text, fc.boolean(), fc.constant(null), fc.maxSafeInteger(), float);
  // After an object with the key `\`, JSON.parse of Node 24 takes every key that is one escaped character for `\`, too.
  // eslint-disable-next-line no-control-regex -- escaped characters are what is looked for
  const key = text.filter((name) => !/^["\\\u0000-\u001f\u007f]$/.test(name));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  const values = sample(value);
  const [input, output] = ['values', 'encoded'].map((name) => join(repository.dir, name)) as [string, string];
  writeFileSync(input, values.map((one) => `${erlangTerm(one)}.\n`).join(''));
  const program = `{ok, Values} = file:consult("${input}"), ok = file:write_file("${output}",
    [[relup_json:encode(Value), $\\n] || Value <- Values]), halt().`;
  execFileSync('erl', ['-noinput', '-pa', erlang.ebin, '-eval', program]);
  const lines = readFileSync(output, 'utf8').split('\n');
  expect(lines).toHaveLength(values.length + 1);
  for (const [index, one] of values.entries()) expect(JSON.parse(lines[index] as string)).toEqual(one);
});

test('text that is no UTF-8, and text as lists of characters, is JSON all the same', () => {
  const bytes = sample(fc.uint8Array({ maxLength: 12 }));
  const chars = sample(fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 6 }));
  const [input, output] = ['bytes', 'texts'].map((name) => join(repository.dir, name)) as [string, string];
  const lists = chars.map((list) => `[${list.join(',')}].\n`);
  writeFileSync(input, [...bytes.map((one) => `<<${one.join(',')}>>.\n`), ...lists].join(''));
  const program = `{ok, Values} = file:consult("${input}"), ok = file:write_file("${output}",
    [[relup_json:encode(relup_json:text(Value)), $\\n] || Value <- Values]), halt().`;
  execFileSync('erl', ['-noinput', '-pa', erlang.ebin, '-eval', program]);
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(bytes.length + chars.length);
  for (const line of lines) expect(typeof JSON.parse(line)).toBe('string');
  const isSurrogate = (char: number): boolean => char >= 0xd800 && char <= 0xdfff;
  for (const [index, list] of chars.entries()) {
    if (list.some(isSurrogate)) continue;
    expect(JSON.parse(lines[bytes.length + index] as string)).toBe(String.fromCodePoint(...list));
  }
});
