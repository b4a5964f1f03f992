import { describe, expect, it } from 'vitest';
import { compareNodes, type Comparison } from '../../src/node/comparison.js';
import { observation, supervisor, worker } from '../support/observation.js';
import { upgradedSnapshot, webManifest } from '../support/snapshot.js';

const children = [worker('listener'), worker('pool')];
const old = observation(children);
const upgradedFields = upgradedSnapshot();
const upgraded = observation(children, upgradedFields);

/** An upgrade to `web` 2 without differences, changed. */
function differences(changes: Partial<Comparison>): string[] {
  const comparison = {
    ...{ found: upgraded, booted: upgraded, other: old, before: old, release: webManifest() },
    ...changes,
  };
  return compareNodes(comparison).map(
    ({ kind, subject, detail }) => `${kind} ${subject}${detail === undefined ? '' : `: ${detail}`}`,
  );
}

const withModules = (change: (modules: typeof upgraded.modules) => typeof upgraded.modules) => ({
  ...upgraded,
  modules: change(upgraded.modules),
});

describe('compareNodes', () => {
  it('finds nothing where nothing differs', () => {
    expect(differences({})).toEqual([]);
  });

  it('names modules with other code, that are not loaded, and that are left', () => {
    const found = withModules((modules) => [
      ...modules.map((one) => (one.name === 'web' ? { ...one, md5: 'w1', code: 'w1' } : one)),
      { name: 'web_old', file: '/opt/web/lib/web-1/ebin/web_old.beam', md5: 'o', code: 'o' },
    ]);
    expect(differences({ found })).toEqual(['module-differs web', 'module-left web_old']);
    const lacking = withModules((modules) => modules.filter(({ name }) => name !== 'web'));
    expect(differences({ found: lacking })).toEqual(['module-not-loaded web']);
    // it is loaded when it is called
    expect(differences({ found: { ...lacking, mode: 'interactive' } })).toEqual([]);
  });

  it('names applications that are missing, left, or of another version', () => {
    const applications = { kernel: '10', web: '1', extra: '1' };
    expect(differences({ found: { ...upgraded, applications } })).toEqual([
      'application-left extra',
      'application-version web: 1 instead of 2',
    ]);
    expect(differences({ found: { ...upgraded, applications: { kernel: '10' } } })).toEqual([
      'application-missing web',
    ]);
  });

  it('compares the environment by key, but not what differs between two boots, nor what OTP sets itself', () => {
    const keys = (web: object, kernel = {}) => ({ environmentKeys: { web, kernel } as never });
    const port = { hash: 80, configured: true };
    const found = {
      ...upgraded,
      ...keys({ port: { ...port, hash: 81 }, id: { hash: 1, configured: false } }),
    };
    const booted = {
      ...upgraded,
      ...keys(
        { port, id: { hash: 2, configured: false }, host: port },
        { connect_all: { hash: 1, configured: false } },
      ),
    };
    expect(differences({ found, booted })).toEqual([
      'environment-missing web:host',
      'environment-differs web:id',
      'environment-differs web:port',
    ]);
    const bootedAgain = { ...booted, ...keys({ port, id: { hash: 3, configured: false }, host: port }) };
    expect(differences({ found, booted, bootedAgain })).toEqual([
      'environment-missing web:host',
      'environment-differs web:port',
    ]);
  });

  it('names a child that does not run, whether its supervisor knows it or not', () => {
    const [listener, pool] = children as [(typeof children)[0], (typeof children)[0]];
    const known = observation([listener, { ...pool, process: null }], upgradedFields);
    expect(differences({ found: known })).toEqual(['child-missing web: web_sup → pool']);
    const unknown = observation([listener], upgradedFields);
    const [difference] = compareNodes({
      found: unknown,
      booted: upgraded,
      other: old,
      before: old,
      release: webManifest(),
    });
    expect(difference).toMatchObject({ kind: 'child-missing', specified: false });
  });

  it('names a missing supervisor once, not its children', () => {
    const deep = { ...worker('pool_sup'), process: supervisor('pool_sup', [worker('one')]) };
    const booted = observation([...children, deep], upgradedFields);
    expect(differences({ booted })).toEqual(['child-missing web: web_sup → pool_sup']);
  });

  it('names a child of the other release that is left, and one that only the step can have made', () => {
    const left = worker('gone');
    const found = observation([...children, left, worker('made')], upgradedFields);
    const other = observation([...children, left]);
    expect(differences({ found, other, before: other })).toEqual([
      'child-left web: web_sup → gone',
      'child-left web: web_sup → made',
    ]);
  });

  it('leaves out children that were made at run time', () => {
    const session = worker('{session,17}');
    const early = worker('early');
    const found = observation([...children, session, early], upgradedFields);
    expect(differences({ found, before: observation([...children, early]) })).toEqual([]);
    // In applications whose version stays, nothing but the application itself makes children.
    const same = observation([...children, worker('made')]);
    const release = { version: '1', applications: webManifest().upFrom[0]?.applications ?? [] };
    expect(differences({ found: same, booted: old, release })).toEqual([]);
  });

  it('names what a child specification says differently', () => {
    const [listener, pool] = children as [(typeof children)[0], (typeof children)[0]];
    const spec = {
      start: 'pool:start_link/1',
      arguments: 1,
      options: { restart: 'transient', type: 'worker' },
    };
    const found = observation([listener, { ...pool, spec }], upgradedFields);
    expect(differences({ found })).toEqual([
      'child-changed web: web_sup → pool: start pool:start_link/1 instead of pool:start_link/0; restart transient instead of permanent; shutdown none instead of 5000',
    ]);
  });

  it('compares registered names, but for those that come and go', () => {
    const registered = ['init', 'web_old_name', 'session_17'];
    const other = { ...old, registered: ['init', 'web_sup', 'web_old_name'] };
    expect(differences({ found: { ...upgraded, registered }, other })).toEqual([
      'registered-missing web_sup',
      'registered-left web_old_name',
    ]);
    const bootedAgain = { ...upgraded, registered: ['init'] };
    expect(differences({ found: { ...upgraded, registered }, bootedAgain })).toEqual([]);
  });
});
