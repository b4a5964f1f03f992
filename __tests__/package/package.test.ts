import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foreignFindings, foreignPaths } from '../../src/package/foreign.js';
import type { Package } from '../../src/model/package.js';
import { sortEntries } from '../../src/shared/tree.js';
import { upgradeRule } from '../../src/package/upgrade-files.js';
import { findProblem } from '../../src/package/verify.js';
import { application, builtRelease } from '../support/releases.js';

const kernel = application('kernel', '10.2');
const release = builtRelease('0.2.0', [kernel, application('hello', '2.0.0'), application('new', '1')]);
const upFrom = builtRelease('0.1.0', [kernel, application('hello', '1.0.0'), application('gone', '1')]);

const OWN = [
  'bin/hello',
  'bin/hello-0.2.0',
  'bin/nodetool',
  'erts-15.2.7/bin/beam.smp',
  'lib/hello-2.0.0/ebin/hello.app',
  'lib/hello-2.0.0/ebin/hello.appup',
  'lib/kernel-10.2/ebin/kernel.app',
  'lib/new-1/ebin/new.app',
  'releases/0.2.0/hello.rel',
  'releases/0.2.0/start.boot',
  'releases/RELEASES',
  'releases/hello-0.2.0.rel',
  'releases/hello.rel',
  'releases/start_erl.data',
];

describe('foreignPaths', () => {
  const foreign = (paths: readonly string[], versions: readonly string[] = []) =>
    Object.fromEntries(foreignPaths([...OWN, ...paths], release, versions));

  it('finds nothing in a clean release', () => {
    expect(foreign([])).toEqual({});
  });

  it('finds what belongs to another version, and to which file or folder as a whole', () => {
    expect(
      foreign([
        'bin/hello-0.1.0',
        'bin/hello-v1.2.3-rc1',
        'erts-14.0/bin/erl',
        'lib/gone-1/ebin/gone.app',
        'lib/gone-1/priv/data',
        'lib/hello-1.0.0/priv/data',
        'releases/0.1.0/hello.rel',
        'releases/0.1.0/relup',
        'releases/0.2.0/hello.tar.gz',
        'releases/hello-0.1.0.rel',
        'releases/hello-0.1.0.tar.gz',
      ]),
    ).toEqual({
      'bin/hello-0.1.0': 'bin/hello-0.1.0',
      'bin/hello-v1.2.3-rc1': 'bin/hello-v1.2.3-rc1',
      'erts-14.0/bin/erl': 'erts-14.0/',
      'lib/gone-1/ebin/gone.app': 'lib/gone-1/',
      'lib/gone-1/priv/data': 'lib/gone-1/',
      'lib/hello-1.0.0/priv/data': 'lib/hello-1.0.0/',
      'releases/0.1.0/hello.rel': 'releases/0.1.0/',
      'releases/0.1.0/relup': 'releases/0.1.0/',
      'releases/0.2.0/hello.tar.gz': 'releases/0.2.0/hello.tar.gz',
      'releases/hello-0.1.0.rel': 'releases/hello-0.1.0.rel',
      'releases/hello-0.1.0.tar.gz': 'releases/hello-0.1.0.tar.gz',
    });
  });

  it("knows a version of any spelling when it is upgraded from, and leaves the user's own files alone", () => {
    const own = [
      'bin/hello-cli',
      'bin/hello-2fa',
      'etc/hello-0.1.0.conf',
      'lib/shared.so',
      'lib/scripts/run.sh',
      'releases/0.2.0/data.tar.gz',
      'releases/shared/app.conf',
    ];
    expect(foreign(own)).toEqual({});
    expect(foreign([...own, 'bin/hello-spring', 'releases/spring/sys.config'], ['spring'])).toEqual({
      'bin/hello-spring': 'bin/hello-spring',
      'releases/spring/sys.config': 'releases/spring/',
    });
  });

  it('tells each file or folder once', () => {
    const paths = ['releases/0.1.0/hello.rel', 'releases/0.1.0/relup', 'bin/hello-0.1.0'];
    expect(foreignFindings(foreignPaths(paths, release, []), release)).toMatchObject([
      {
        id: 'foreign-file-left-out',
        severity: 'notice',
        message: expect.stringMatching(/^releases\/0.1.0\/ in/) as string,
      },
      {
        id: 'foreign-file-left-out',
        severity: 'notice',
        message: expect.stringMatching(/^bin\/hello-0.1.0 in/) as string,
      },
    ]);
  });
});

describe('upgradeRule', () => {
  it.each([
    ['releases/0.2.0/relup', 'add'],
    ['releases/hello.rel', 'add'],
    ['releases/hello-0.2.0.rel', 'add'],
    ['bin/hello-0.2.0', 'add'],
    ['lib/hello-2.0.0/ebin/hello.beam', 'add'],
    ['lib/new-1/ebin/new.app', 'add'],
    ['releases/RELEASES', 'leave'],
    ['releases/start_erl.data', 'leave'],
    ['erts-15.2.7/bin/beam.smp', 'leave'],
    ['lib/kernel-10.2/ebin/kernel.app', 'compare'],
    ['lib/kernel-10.2/ebin/code.beam', 'leave'],
    ['lib/kernel-10.2/src/kernel.erl', 'leave'],
    ['lib/kernel-10.2/priv/data', 'compare'],
    ['bin/hello', 'compare'],
    ['etc/app.conf', 'compare'],
    ['releases/shared.config', 'compare'],
    ['lib/shared.txt', 'compare'],
  ])('%s: %s', (path, rule) => {
    expect(upgradeRule(path, release, [upFrom])).toBe(rule);
  });

  it('adds an application that one of several up-from releases lacks', () => {
    const same = builtRelease('0.1.9', [kernel, application('hello', '2.0.0')]);
    expect(upgradeRule('lib/hello-2.0.0/ebin/hello.beam', release, [same])).toBe('leave');
    expect(upgradeRule('lib/hello-2.0.0/ebin/hello.beam', release, [same, upFrom])).toBe('add');
  });
});

describe('sortEntries', () => {
  it('orders any names by their bytes and loses none', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 })), (paths) => {
        const entries = paths.map((path) => ({
          path,
          source: '',
          type: 'file' as const,
          size: 0,
          mode: 0o644,
        }));
        const sorted = sortEntries(entries).map(({ path }) => Buffer.from(path));
        expect(sorted).toHaveLength(paths.length);
        for (const [i, path] of sorted.entries()) {
          if (i > 0) expect(Buffer.compare(sorted[i - 1]!, path)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe('findProblem', () => {
  const FULL = [...OWN, 'releases/0.2.0/relup'];
  const UPGRADE = FULL.filter((path) => !/^(erts-|bin\/hello$|lib\/kernel|.*(RELEASES|\.data)$)/.test(path));
  const modeOf = (path: string) => (/^bin\/hello/.test(path) ? 0o755 : 0o644);
  const listed = (paths: readonly string[]) =>
    paths.map((name) => ({ name, type: 'file', size: 1, mode: modeOf(name) }));
  const made = (kind: Package['kind'], paths: readonly string[]): Package => ({
    kind,
    path: '/out/hello.tar.gz',
    sha256: '',
    size: 1,
    files: paths.map((path) => ({ path, size: 1, sha256: '', mode: modeOf(path) })),
  });
  const problem = (kind: Package['kind'], paths: readonly string[], from = [upFrom]) =>
    findProblem({ members: listed(paths), finished: made(kind, paths), release, upFrom: from });

  it('accepts both packages, with links and empty folders', () => {
    expect(problem('full', FULL)).toBeUndefined();
    expect(problem('upgrade', UPGRADE)).toBeUndefined();
    expect(problem('full', OWN, [])).toBeUndefined();
    const others = [
      { name: 'log', type: 'directory', size: 0, mode: 0o755 },
      { name: 'etc/link', type: 'symlink', size: 0, mode: 0o777 },
    ];
    expect(
      findProblem({
        members: [...listed(FULL), ...others],
        finished: made('full', FULL),
        release,
        upFrom: [upFrom],
      }),
    ).toBeUndefined();
  });

  it('compares the list with what was put in', () => {
    const find = (members: ReturnType<typeof listed>) =>
      findProblem({ members, finished: made('full', FULL), release, upFrom: [upFrom] });
    const members = listed(FULL);
    const change = (name: string, to: object) =>
      members.map((one) => (one.name === name ? { ...one, ...to } : one));
    expect(find([...members, members[3]!])).toBe(`${FULL[3]} is in it twice`);
    expect(find(members.slice(1))).toBe(`erl_tar does not list the file ${FULL[0]}`);
    expect(find(change('bin/nodetool', { size: 7 }))).toBe('bin/nodetool has 7 bytes instead of 1');
    expect(find(change('bin/nodetool', { mode: 0o600 }))).toBe('bin/nodetool has mode 600 instead of 644');
    expect(find(change('bin/nodetool', { type: 'hardlink' }))).toBe(
      'erl_tar does not list the file bin/nodetool',
    );
    expect(find([...members, ...listed(['more'])])).toBe('it holds more (file), which was not put into it');
  });

  it('requires relup, appups and the versioned .rel, and no relup without an upgrade', () => {
    const without = (path: string) =>
      problem(
        'upgrade',
        UPGRADE.filter((one) => one !== path),
      );
    for (const path of [
      'releases/0.2.0/relup',
      'releases/hello-0.2.0.rel',
      'lib/hello-2.0.0/ebin/hello.appup',
    ]) {
      expect(without(path)).toBe(`${path} is missing`);
    }
    expect(problem('full', FULL, [])).toBe('it holds releases/0.2.0/relup although nothing is upgraded from');
  });

  it("refuses the handler's own records and ERTS in an upgrade package", () => {
    for (const path of ['releases/RELEASES', 'releases/start_erl.data', 'erts-15.2.7/bin/erl']) {
      expect(problem('upgrade', [...UPGRADE, path])).toBe(
        `it holds ${path}, which an upgrade must not touch`,
      );
    }
  });

  it('refuses files of other versions and start scripts that cannot be started', () => {
    expect(problem('full', [...FULL, 'bin/hello-0.1.0'])).toBe('bin/hello-0.1.0 belongs to another version');
    for (const script of ['bin/hello', 'bin/hello-0.2.0']) {
      const mode = (path: string) => (path === script ? 0o644 : modeOf(path));
      const members = listed(FULL).map((one) => ({ ...one, mode: mode(one.name) }));
      const files = made('full', FULL).files.map((one) => ({ ...one, mode: mode(one.path) }));
      const found = findProblem({
        members,
        finished: { ...made('full', FULL), files },
        release,
        upFrom: [upFrom],
      });
      expect(found).toBe(`the start script ${script} is not executable`);
    }
  });
});
