import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OldCode } from '../../../src/deploy/health/old-code.js';
import { checkOldCode, softlyPurged } from '../../../src/deploy/preflight/process-checks.js';
import type { NodeContext } from '../../../src/node/node-context.js';
import { temporaryFolder } from '../../support/repository.js';
import { webManifest, webSnapshot } from '../../support/snapshot.js';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const relup = (purge: string) => ({
  up: [
    {
      version: '1',
      instructions: [`{load,{web,${purge},\n  brutal_purge}}`, '{remove,{web_old,brutal_purge,soft_purge}}'],
    },
  ],
  down: [],
});

/** A node on which processes use old code of these modules. */
function check(found: readonly OldCode[], purge: string) {
  const control = { call: () => Promise.resolve(found), close: () => undefined };
  const manifest = webManifest({ relup: relup(purge) });
  const context = { control, manifest, privateFolder: folder, stepSeconds: 1 } as unknown as NodeContext;
  return checkOldCode(context, webSnapshot(), '1');
}

const used = [{ module: 'web', count: 2, processes: ['<0.9.0> in web:loop/1', '<0.10.0> in web:loop/1'] }];

describe('processes that use old code', () => {
  it('stand against an upgrade that purges softly (H75)', async () => {
    await expect(check(used, 'soft_purge')).rejects.toThrow(
      'release_handler would refuse the upgrade, because old code is still in use by 2 processes: web (<0.9.0> in web:loop/1).',
    );
  });

  it('are ended by one that purges brutally, which is told', async () => {
    expect(await check(used, 'brutal_purge')).toMatchObject([
      { id: 'lingering-processes', severity: 'warning' },
    ]);
  });

  it('are mostly not there', async () => {
    expect(await check([], 'soft_purge')).toEqual([]);
  });
});

describe('softlyPurged', () => {
  it('reads the instructions that load or remove', () => {
    expect([...softlyPurged({ relup: relup('soft_purge') }, '1')]).toEqual(['web']);
    expect([...softlyPurged({ relup: relup('soft_purge') }, '2')]).toEqual([]);
    const quoted = {
      up: [{ version: '1', instructions: ["{remove,{'Elixir.Web',soft_purge,soft_purge}}"] }],
      down: [],
    };
    expect([...softlyPurged({ relup: quoted }, '1')]).toEqual(['Elixir.Web']);
    expect([...softlyPurged({ relup: null }, '1')]).toEqual([]);
  });
});
