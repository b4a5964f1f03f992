import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OldCode } from '../../../src/deploy/health/old-code.js';
import { checkOldCode } from '../../../src/deploy/preflight/process-checks.js';
import type { NodeContext } from '../../../src/node/node-context.js';
import { script } from '../../support/observation.js';
import { temporaryFolder } from '../../support/repository.js';
import { webManifest, webSnapshot } from '../../support/snapshot.js';

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A node on which processes use old code of these modules. */
function check(found: readonly OldCode[], purgesSoftly: readonly string[]) {
  const call = (operation: string) =>
    Promise.resolve(operation === 'old-code' ? found : script({ purgesSoftly }));
  const control = { call, close: () => undefined };
  const manifest = webManifest();
  const context = { control, manifest, privateFolder: folder, stepSeconds: 1 } as unknown as NodeContext;
  return checkOldCode(context, webSnapshot(), '1');
}

const used = [{ module: 'web', count: 2, processes: ['<0.9.0> in web:loop/1', '<0.10.0> in web:loop/1'] }];

describe('processes that use old code', () => {
  it('stand against an upgrade that purges softly (H75)', async () => {
    await expect(check(used, ['web'])).rejects.toThrow(
      'release_handler would refuse the upgrade, because old code is still in use by 2 processes: web (<0.9.0> in web:loop/1).',
    );
  });

  it('are ended by one that purges brutally, which is told', async () => {
    expect(await check(used, ['other'])).toMatchObject([{ id: 'lingering-processes', severity: 'warning' }]);
  });

  it('are mostly not there', async () => {
    expect(await check([], ['web'])).toEqual([]);
  });
});
