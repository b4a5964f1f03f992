import { expect, test } from 'vitest';
import { deployedText, parseDeployed } from '../../src/model/deployed.js';

const commit = 'c'.repeat(40);

test('what a deploy leaves is one line, and is read back', () => {
  for (const deployed of [
    { name: 'app', version: '1.0.0', commit },
    { name: 'app', version: '1.0.0' },
  ]) {
    const text = deployedText(deployed);
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(parseDeployed(text)).toEqual(deployed);
  }
});

test.each(['', 'null', '[]', '{}', '{"name":"app","version":1}', '{"name":"app","version":"../1"}'])(
  '%s says nothing',
  (text) => expect(parseDeployed(text)).toBeUndefined(),
);

test('a commit is whole, or there is none', () => {
  const text = (given: unknown) => JSON.stringify({ name: 'app', version: '1.0.0', commit: given });
  expect(parseDeployed(text('c'.repeat(64)))).toMatchObject({ commit: 'c'.repeat(64) });
  for (const given of ['main', commit.slice(1), 7, null]) expect(parseDeployed(text(given))).toBeUndefined();
});
