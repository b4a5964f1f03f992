import { expect, it } from 'vitest';
import { formatConfig, parseConfigList } from '../../../src/programs/git/config.js';

it('reads what git lists', () => {
  expect(parseConfigList('a.b\nc\0x.y.z\nline 1\nline 2\0core.bare\0a.empty\n\0')).toEqual([
    { key: 'a.b', value: 'c' },
    { key: 'x.y.z', value: 'line 1\nline 2' },
    { key: 'core.bare', value: 'true' },
    { key: 'a.empty', value: '' },
  ]);
});

it('writes subsections and quotes', () => {
  const entries = [
    { key: 'http.https://example.invalid/.extraheader', value: 'AUTHORIZATION: basic eA==' },
    { key: 'core.autocrlf', value: 'a "b" \\ c' },
  ];
  expect(formatConfig(entries)).toBe(
    '[http "https://example.invalid/"]\n\textraheader = "AUTHORIZATION: basic eA=="\n' +
      '[core]\n\tautocrlf = "a \\"b\\" \\\\ c"\n',
  );
});
