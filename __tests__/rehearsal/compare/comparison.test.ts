import { describe, expect, it } from 'vitest';
import { compareNodes } from '../../../src/rehearsal/compare/comparison.js';
import type { Comparison } from '../../../src/rehearsal/compare/difference.js';
import { bootSettings, changedSettings } from '../../../src/rehearsal/compare/environment-differences.js';
import type { NodeObservation, ObservedProcess } from '../../../src/rehearsal/compare/observation.js';
import { observation, supervisor, worker, script } from '../../support/observation.js';
import { upgradedSnapshot, webManifest } from '../../support/snapshot.js';

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
      module: 'pool',
      arguments: 1,
      options: { restart: 'transient', type: 'worker' },
    };
    const found = observation([listener, { ...pool, spec }], upgradedFields);
    expect(differences({ found })).toEqual([
      'child-changed web: web_sup → pool: start pool:start_link/1 instead of pool:start_link/0; restart transient instead of permanent; shutdown none instead of 5000',
    ]);
  });

  it('tells of a child that goes on under its old name', () => {
    const named = (name: string) => [
      worker('listener'),
      worker('pool', { process: { pid: '<0.1.0>', name, callback: null, kind: 'worker' } }),
    ];
    const found = { ...observation(named('pool'), upgradedFields), registered: ['init', 'pool'] };
    const booted = { ...observation(named('store'), upgradedFields), registered: ['init', 'store'] };
    expect(differences({ found, booted })).toEqual([
      'child-renamed web: web_sup → pool: registered as pool, but as store',
    ]);
    // it chooses its name itself
    const bootedAgain = observation(named('store_2'), upgradedFields);
    expect(differences({ found, booted: { ...booted, registered: ['init'] }, bootedAgain })).toEqual([]);
  });

  it('tells of a child once, not of its name, too', () => {
    const registered = ['init', 'pool'];
    const booted = { ...observation(children, upgradedFields), registered };
    const found = observation([worker('listener')], upgradedFields);
    expect(differences({ found: { ...found, registered: ['init'] }, booted })).toEqual([
      'child-missing web: web_sup → pool',
    ]);
  });

  it('tells of processes of no list that go on under their old names once, by their callback module', () => {
    const named = (...names: string[]) => ({
      registered: [...upgraded.registered, ...names],
      callbacks: Object.fromEntries(names.map((name) => [name, 'watcher'])),
    });
    const found = { ...upgraded, ...named('watcher_1', 'watcher_2') };
    const booted = { ...upgraded, ...named('shop_1', 'shop_2') };
    expect(differences({ found, other: found, booted })).toEqual([
      'registered-renamed watcher: registered as watcher_1, watcher_2, but as shop_1, shop_2',
    ]);
    // another module's
    const others = { ...booted, callbacks: { shop_1: 'shop', shop_2: 'shop' } };
    expect(differences({ found, other: found, booted: others })).toHaveLength(4);
  });

  it('leaves out what OTP starts for whoever asks first', () => {
    const names = ['dets', 'inet_gethost_native', 'inet_gethost_native_sup', 'timer_server'];
    const used = { ...upgraded, registered: [...upgraded.registered, ...names] };
    expect(differences({ found: used, other: used })).toEqual([]);
    expect(differences({ found: upgraded, booted: used })).toEqual([]);
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

  it('compares what start code leaves, but not what only one boot has', () => {
    const table = {
      application: 'web',
      options: { type: 'set', protection: 'protected', keypos: 1, owner: 'web_sup' },
      keys: ['limit'],
    };
    const remains = {
      tables: { web_cache: table, web_new: table },
      terms: ['web_limits', '{web,once}'],
      mnesia: { item: { attributes: '[id,name,price]' } },
      handlers: { audit: { module: 'logger_std_h', level: 'all' } },
    };
    const booted = { ...upgraded, remains };
    const found = {
      ...upgraded,
      remains: {
        tables: { web_cache: { ...table, options: { ...table.options, protection: 'public' }, keys: [] } },
        terms: [],
        mnesia: { item: { attributes: '[id,name]' } },
        handlers: {},
      },
    };
    expect(differences({ found, booted })).toEqual([
      'remains-differs ETS table web_cache: protection public instead of protected',
      'remains-missing key limit of the ETS table web_cache',
      'remains-missing ETS table web_new',
      'remains-missing persistent term web_limits',
      'remains-missing persistent term {web,once}',
      'remains-differs mnesia table item: attributes [id,name] instead of [id,name,price]',
      'remains-missing logger handler audit',
    ]);
    const bootedAgain = { ...booted, remains: { ...remains, terms: ['web_limits'], tables: {} } };
    expect(differences({ found, booted, bootedAgain })).toEqual([
      'remains-missing persistent term web_limits',
      'remains-differs mnesia table item: attributes [id,name] instead of [id,name,price]',
      'remains-missing logger handler audit',
    ]);
    expect(differences({ found: { ...upgraded, remains }, other: { ...old, remains } })).toHaveLength(6);
    expect(differences({ found: { ...upgraded, remains } })).toEqual([]);
  });

  it('leaves out values that a boot rewrites: of OTP, and says of others that they were set at run time', () => {
    const keys = (hash: number, file: number) => ({ hash, file, configured: true, argument: false });
    const node = (hash: number) =>
      ({ environmentKeys: { kernel: { logger: keys(hash, 1) }, web: { port: keys(hash, 1) } } }) as const;
    const [found, booted] = [
      { ...upgraded, ...node(1) },
      { ...upgraded, ...node(2) },
    ];
    const [difference, ...more] = compareNodes({
      found,
      booted,
      other: old,
      before: old,
      release: webManifest(),
    });
    expect(more).toEqual([]);
    expect(difference).toMatchObject({
      kind: 'environment-differs',
      subject: 'web:port',
      configured: false,
    });
  });

  it('leaves what the command line sets to the comparison of vm.args', () => {
    const limit = (hash: number) => ({ limit: { hash, file: null, configured: false, argument: true } });
    const [found, booted] = [1, 2].map((hash) => ({ ...upgraded, environmentKeys: { web: limit(hash) } }));
    expect(differences({ found: found as NodeObservation, booted: booted as NodeObservation })).toEqual([]);
  });

  it.each(['temporary', 'transient'])('does not miss a %s child that has ended', (restart) => {
    const spec = { start: 'once:start_link/0', module: 'once', arguments: 1, options: { restart } };
    const once = { ...worker('once'), spec };
    const booted = observation([...children, once], upgradedFields);
    const gone = restart === 'temporary' ? [] : [{ ...once, process: null }];
    const found = observation([...children, ...gone], upgradedFields);
    const other = observation([...children, once]);
    expect(differences({ found, booted, other, before: old })).toEqual([]);
    // one that is new must have been started
    expect(differences({ found, booted })).toEqual(['child-missing web: web_sup → once']);
    const starts = script({ children: [{ call: 'restart_child', supervisor: 'web_sup', id: 'once' }] });
    expect(differences({ found, booted, script: starts })).toEqual([]);
  });

  it('says whether init/1 lists a child, as a later look tells, and drops what has become the same by then', () => {
    const made = worker('made', {
      spec: { start: 'made:start_link/1', module: 'made', arguments: 1, options: {} },
    });
    const found = observation([...children, made], upgradedFields);
    const spec = { start: 'made:start_link/1', module: 'made', arguments: 2, options: {} };
    const booted = observation([...children, { ...made, spec }], upgradedFields);
    const later = {
      ...booted,
      trees: { web: { ...(booted.trees['web'] as ObservedProcess), listed: ['listener', 'pool'] } },
    };
    const comparison = { found, booted, later, other: old, before: old, release: webManifest() };
    expect(compareNodes(comparison)).toMatchObject([
      { kind: 'child-changed', listed: false, unchanged: false },
    ]);
    const [asked] = compareNodes({ ...comparison, later: undefined });
    expect(asked?.listed).toBeUndefined();
    expect(compareNodes({ ...comparison, later: found })).toEqual([]);
  });

  it('names an application that was started with another type', () => {
    expect(differences({ booted: { ...upgraded, types: { web: 'temporary' } } })).toEqual([
      'application-type web: permanent instead of temporary',
    ]);
  });
});

describe('bootSettings', () => {
  it("names settings of OTP's base that the files give other values", () => {
    const node = (file: number) => ({
      ...old,
      environmentKeys: {
        kernel: {
          logger: { hash: 7, file, configured: true, argument: false },
          distributed: { hash: file, file, configured: true, argument: false },
        },
        web: { port: { hash: file, file, configured: true, argument: false } },
      },
    });
    expect(bootSettings(node(1), node(2))).toEqual(['kernel:logger']);
    expect(changedSettings(node(1), node(2))).toEqual([['web', 'port']]);
    expect(bootSettings(node(1), node(1))).toEqual([]);
  });
});
