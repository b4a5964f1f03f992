import { describe, expect, it } from 'vitest';
import { installFailure } from '../../src/deploy/install-verdict.js';
import type { NodeSnapshot } from '../../src/model/node.js';
import { upgradedSnapshot, webManifest, webSnapshot } from '../support/snapshot.js';

const check = { snapshot: webSnapshot(), runs: '1', newStatus: undefined };
const judge = (after: NodeSnapshot | undefined) => installFailure(webManifest(), check, after);

describe('installFailure', () => {
  it('is none when the new release runs by code and by name', () => {
    expect(judge(upgradedSnapshot())).toBeUndefined();
  });

  it.each([
    ['nothing changed', webSnapshot(), 'untouched', true],
    [
      'only versions changed',
      webSnapshot({ applications: { kernel: '10', web: '2' } }),
      'environment-changed',
      true,
    ],
    ['only the environment changed', webSnapshot({ environment: 2 }), 'environment-changed', true],
    ['the system was restarted', webSnapshot({ instance: '<0.99.0>' }), 'rebooted-into-old', true],
    ['the emulator was restarted', webSnapshot({ osPid: '101' }), 'rebooted-into-old', true],
    ['it never settled', undefined, 'unknown', false],
    [
      'only the name is new',
      upgradedSnapshot({ modules: webSnapshot().modules }),
      'installed-not-permanent',
      false,
    ],
    ['only the code is new', upgradedSnapshot({ releases: webSnapshot().releases }), 'unknown', false],
    [
      'an application stopped',
      upgradedSnapshot({ applications: { kernel: '10' } }),
      'installed-not-permanent',
      false,
    ],
    ['the old path stayed', upgradedSnapshot({ path: webSnapshot().path }), 'installed-not-permanent', false],
  ])('when %s', (_, after, nodeState, runsOld) => {
    expect(judge(after)).toMatchObject({ nodeState, runsOld });
  });

  it('says what is wrong', () => {
    expect(judge(upgradedSnapshot({ releases: webSnapshot().releases }))?.sentence).toBe(
      '2 is not installed: the node has its code, but lists 1 permanent.',
    );
    const after = upgradedSnapshot({ modules: webSnapshot().modules });
    expect(judge(after)?.sentence).toBe(
      "2 is installed, but not made permanent: the node has modules that are not the package's: web, web_old.",
    );
  });
});
