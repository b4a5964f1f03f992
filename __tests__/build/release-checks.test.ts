import { expect, test } from 'vitest';
import { checkRelease, type ReleaseDescription } from '../../src/build/release-checks.js';

function described(changes: Partial<ReleaseDescription> = {}): ReleaseDescription {
  const one = (name: string, version: string) => ({
    name,
    version,
    dir: `lib/${name}-${version}`,
    modules: {},
    present: true,
    link: false,
  });
  return {
    name: 'hello',
    version: '1.2.3',
    erts: '15.2.7',
    relFile: '/r/hello.rel',
    includesErts: true,
    applications: [one('kernel', '10.2'), one('hello', '1.2.3'), one('sasl', '4.2')],
    ...changes,
  };
}

test('a release that agrees with its tag passes', () => {
  expect(() => checkRelease(described(), 'tag v1.2.3', { tag: 'v1.2.3' })).not.toThrow();
});

test('a tag that nobody raised the version for is refused (H6)', () => {
  expect(() => checkRelease(described(), 'tag 1.2.4', { tag: '1.2.4' })).toThrow(
    'The git tag is 1.2.4 but the release version built at tag 1.2.4 is 1.2.3.',
  );
});

test('a release without sasl is refused (H20)', () => {
  const applications = described().applications.filter(({ name }) => name !== 'sasl');
  expect(() => checkRelease(described({ applications }), 'main')).toThrow(/does not contain sasl/);
  // one that runs already is not to be changed
  const shipped = (): void => checkRelease(described({ applications }), 'tag 1', { isUpFrom: true });
  const remedy: unknown = expect.stringContaining('upgrade-from: none');
  expect(shipped).toThrow(expect.objectContaining({ remedy }) as Error);
});

test('missing system libraries are refused and named (H19)', () => {
  const applications = described().applications.map((one) => ({ ...one, present: one.name === 'hello' }));
  expect(() => checkRelease(described({ applications }), 'main')).toThrow(
    /lacks the folders of kernel, sasl/,
  );
});

test.each(['0.0.0+build.1.ref0a1b2c3', '1.0/2', '../x', '-rf', '', 'a b'])(
  'release version %j is refused (H15, H99)',
  (version) => {
    expect(() => checkRelease(described({ version }), 'main')).toThrow(
      /The version of release hello \(main\) is/,
    );
  },
);

test('the made-up version of an application is refused too (H15)', () => {
  const applications = described().applications.map((one) => ({ ...one, version: '0.0.0+build.7.ref1' }));
  expect(() => checkRelease(described({ applications }), 'main')).toThrow(/rebar3 saw no git tag/);
});
