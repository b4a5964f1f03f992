import { describe, expect, it } from 'vitest';
import {
  codeDifferences,
  foreignModules,
  moduleList,
  releaseByCode,
  stalePaths,
  selfMadeModules,
} from '../../src/node/node-code.js';
import { upgradedSnapshot, webManifest, webSnapshot } from '../support/snapshot.js';

const manifest = webManifest();
const [up] = manifest.upFrom as [(typeof manifest.upFrom)[0]];

describe('codeDifferences', () => {
  it('finds none on a node that runs the release', () => {
    expect(codeDifferences(webSnapshot(), up)).toEqual([]);
    expect(codeDifferences(upgradedSnapshot(), manifest)).toEqual([]);
  });

  it('names modules with other code, and those of the installed root that the release does not have', () => {
    expect(codeDifferences(webSnapshot(), manifest)).toEqual([
      { module: 'web', kind: 'differs', file: '/opt/web/lib/web-1/ebin/web.beam' },
      { module: 'web_old', kind: 'unknown', file: '/opt/web/lib/web-1/ebin/web_old.beam' },
    ]);
  });

  it('leaves out what the release makes itself, told by a node that has only booted it', () => {
    const modules = [
      ...webSnapshot().modules.filter(({ name }) => name !== 'web'),
      { name: 'web', file: '/opt/web/lib/web-1/ebin/web.beam', md5: 'made', code: 'made' },
    ];
    const booted = webSnapshot({ modules });
    expect(codeDifferences(booted, up).map(({ module }) => module)).toEqual(['web']);
    const selfMade = selfMadeModules(booted, up);
    expect(selfMade).toEqual(['web']);
    expect(codeDifferences(booted, { ...up, selfMade })).toEqual([]);
  });

  it('finds a module that was patched from elsewhere (H73), but not a tool of no application', () => {
    const modules = [
      { name: 'web', file: '/tmp/patch/web.beam', md5: 'patched', code: 'patched' },
      { name: 'recon', file: '/home/me/recon.beam', md5: 'r', code: 'r' },
    ];
    const snapshot = webSnapshot({ modules });
    expect(codeDifferences(snapshot, up).map(({ module }) => module)).toEqual(['web']);
    expect(foreignModules(snapshot, up).map(({ name }) => name)).toEqual(['recon']);
  });
});

describe('stalePaths', () => {
  it('names entries of another version of an application, not those of others', () => {
    const path = [
      '/opt/web/lib/web-1/ebin',
      '/opt/web/lib/web-2/ebin',
      '/opt/web/lib/web_tools-1/ebin',
      '/usr/lib/x-1/ebin',
    ];
    expect(stalePaths(upgradedSnapshot({ path }), manifest)).toEqual(['/opt/web/lib/web-1/ebin']);
  });
});

describe('releaseByCode', () => {
  it('tells by code, not by what the node calls itself', () => {
    expect(releaseByCode(upgradedSnapshot(), [up, manifest], '1')?.version).toBe('2');
    expect(releaseByCode(webSnapshot({ modules: [] }), [], '1')).toBeUndefined();
  });

  it('prefers the version that the node names among releases with the same code', () => {
    const twin = { ...up, version: '1.0.1' };
    expect(releaseByCode(webSnapshot(), [up, twin], '1.0.1')?.version).toBe('1.0.1');
  });
});

describe('moduleList', () => {
  it('is short', () => {
    const names = ['f', 'e', 'd', 'c', 'b', 'a'].map((module) => ({ module }));
    expect(moduleList(names)).toBe('a, b, c, d, e and 1 more');
    expect(moduleList(names.slice(0, 2))).toBe('e, f');
  });
});
