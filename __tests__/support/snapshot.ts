import type { DeployManifest } from '../../src/model/deploy-input.js';
import type { NodeSnapshot } from '../../src/model/node.js';
import type { ReleaseApplication } from '../../src/model/release.js';

/** An application of a release with its modules' MD5. */
export function application(
  name: string,
  version: string,
  modules: Record<string, string>,
): ReleaseApplication {
  return { name, version, dir: `lib/${name}-${version}`, modules };
}

/** A package of `web` 2, which upgrades from `web` 1: module `web` changes, `web_sup` does not, `web_old` is gone. */
export function webManifest(overrides: Partial<DeployManifest> = {}): DeployManifest {
  return {
    name: 'web',
    version: '2',
    erts: '15.2.7',
    toolchain: { otpRelease: '27', architecture: 'x86_64-pc-linux-gnu' },
    applications: [
      application('web', '2', { web: 'w2', web_sup: 's' }),
      application('kernel', '10', { code: 'k' }),
    ],
    upFrom: [
      {
        version: '1',
        applications: [
          application('web', '1', { web: 'w1', web_sup: 's', web_old: 'o' }),
          application('kernel', '10', { code: 'k' }),
        ],
      },
    ],
    ...overrides,
  };
}

/** A node that runs `web` 1 as a whole. */
export function webSnapshot(overrides: Partial<NodeSnapshot> = {}): NodeSnapshot {
  return {
    node: 'web@localhost',
    osPid: '100',
    startedAt: 1000,
    instance: '<0.44.0>',
    status: 'started',
    environment: 1,
    otp: '27',
    erts: '15.2.7',
    architecture: 'x86_64-pc-linux-gnu',
    root: '/opt/web',
    cwd: '/',
    releasesDir: '/opt/web/releases',
    releases: [{ name: 'web', version: '1', applications: ['web-1', 'kernel-10'], status: 'permanent' }],
    applications: { kernel: '10', web: '1' },
    path: ['/opt/web/lib/web-1/ebin', '/opt/web/lib/kernel-10/ebin'],
    modules: [
      { name: 'init', file: 'preloaded', md5: 'i', code: 'i' },
      { name: 'code', file: '/opt/web/lib/kernel-10/ebin/code.beam', md5: 'k', code: 'k' },
      { name: 'web', file: '/opt/web/lib/web-1/ebin/web.beam', md5: 'w1', code: 'w1' },
      { name: 'web_sup', file: '/opt/web/lib/web-1/ebin/web_sup.beam', md5: 's', code: 's' },
      { name: 'web_old', file: '/opt/web/lib/web-1/ebin/web_old.beam', md5: 'o', code: 'o' },
    ],
    ...overrides,
  };
}

/** The same node after a good upgrade: what did not change is still loaded from the old folder. */
export function upgradedSnapshot(overrides: Partial<NodeSnapshot> = {}): NodeSnapshot {
  return webSnapshot({
    releases: [
      { name: 'web', version: '2', applications: ['web-2', 'kernel-10'], status: 'current' },
      { name: 'web', version: '1', applications: ['web-1', 'kernel-10'], status: 'permanent' },
    ],
    applications: { kernel: '10', web: '2' },
    path: ['/opt/web/lib/web-2/ebin', '/opt/web/lib/kernel-10/ebin'],
    modules: [
      { name: 'init', file: 'preloaded', md5: 'i', code: 'i' },
      { name: 'code', file: '/opt/web/lib/kernel-10/ebin/code.beam', md5: 'k', code: 'k' },
      { name: 'web', file: '/opt/web/lib/web-2/ebin/web.beam', md5: 'w2', code: 'w2' },
      { name: 'web_sup', file: '/opt/web/lib/web-1/ebin/web_sup.beam', md5: 's', code: 's' },
    ],
    ...overrides,
  });
}
