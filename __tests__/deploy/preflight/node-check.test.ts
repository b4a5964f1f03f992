import { describe, expect, it, vi } from 'vitest';
import { checkRunningRelease, checkSystem } from '../../../src/deploy/preflight/node-check.js';
import { NodeRefusedError } from '../../../src/shared/errors.js';
import { upgradedSnapshot, webManifest, webSnapshot } from '../../support/snapshot.js';

vi.mock('@actions/core');

describe('checkSystem', () => {
  it('accepts a node like the build', () => {
    expect(() => checkSystem(webManifest(), webSnapshot())).not.toThrow();
    const vendor = webSnapshot({ architecture: 'x86_64-unknown-linux-gnu' });
    expect(() => checkSystem(webManifest(), vendor)).not.toThrow();
  });

  it.each([
    [
      'another ERTS',
      { erts: '15.2.6' },
      'The node runs OTP 27 (ERTS 15.2.6), the package is for OTP 27 (ERTS 15.2.7).',
    ],
    ['another OTP', { otp: '26' }, 'The node runs OTP 26'],
    [
      'another processor',
      { architecture: 'aarch64-unknown-linux-gnu' },
      'The node runs on aarch64-unknown-linux-gnu',
    ],
    ['another C library', { architecture: 'x86_64-pc-linux-musl' }, 'The node runs on x86_64-pc-linux-musl'],
    ['no sasl', { releases: null }, 'sasl does not run on the node'],
    ['releases elsewhere', { releasesDir: '/var/releases' }, 'release_handler works in /var/releases'],
    ['a boot under way', { status: 'starting' as const }, 'The node web@localhost is starting'],
  ])('refuses %s', (_, overrides, message) => {
    const check = () => checkSystem(webManifest(), webSnapshot(overrides));
    expect(check).toThrow(NodeRefusedError);
    expect(check).toThrow(message);
  });
});

describe('checkRunningRelease', () => {
  it('tells what runs, and what release_handler says of the new version', () => {
    expect(checkRunningRelease(webManifest(), webSnapshot())).toMatchObject({
      runs: '1',
      newStatus: undefined,
    });
    expect(checkRunningRelease(webManifest(), upgradedSnapshot())).toMatchObject({
      runs: '2',
      newStatus: 'current',
    });
  });

  it('refuses another release', () => {
    expect(() => checkRunningRelease(webManifest({ name: 'shop' }), webSnapshot())).toThrow(
      'The node runs release web, the package is for shop.',
    );
  });

  it('names what runs and what is supported (H7)', () => {
    const [up] = webManifest().upFrom as [object];
    const upFrom = ['0.8', '0.9'].map((version) => ({ ...up, version, applications: [] }));
    expect(() => checkRunningRelease(webManifest({ upFrom }), webSnapshot())).toThrow(
      'The node runs web 1, but the package upgrades from 0.8, 0.9 only.',
    );
  });

  it('refuses a record of release_handler that lacks applications (H66)', () => {
    const releases = [
      { name: 'web', version: '1', applications: ['kernel-10'], status: 'permanent' as const },
    ];
    expect(() => checkRunningRelease(webManifest(), webSnapshot({ releases }))).toThrow(
      "release_handler's record of 1 (releases/RELEASES) lacks web-1.",
    );
  });

  it('does not believe the version: old code under the new name is refused (H51)', () => {
    const lying = upgradedSnapshot({ modules: webSnapshot().modules });
    expect(() => checkRunningRelease(webManifest(), lying)).toThrow(
      'The node says that it runs web 2, but 2 of its loaded modules are not those of 2: web, web_old. Its code is that of 1.',
    );
  });
});
