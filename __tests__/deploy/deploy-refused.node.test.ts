import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeployOptions } from '../../src/deploy/deploy.js';
import { DeployError } from '../../src/deploy/deploy-error.js';
import { NodeRefusedError } from '../../src/shared/errors.js';
import type { TestPackage } from '../support/helloworld-package.js';
import { captureOutput, Deploying, editRelup, failureOf, useTemplate } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

let deploying: Deploying;
let installed: InstalledRelease;
let output: () => string;

beforeAll(async () => {
  deploying = await Deploying.prepare();
});

afterAll(() => deploying.remove());

beforeEach(() => {
  output = captureOutput();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const greeting = () => installed.ask('helloworld helloworld');
const deploy = (...args: [TestPackage?, Partial<DeployOptions>?]) => deploying.deploy(installed, ...args);

describe('a package that is refused before the installation', () => {
  let before: Record<string, string>;

  beforeAll(async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    await installed.start();
    before = installed.files();
  });

  afterAll(() => installed.remove());

  async function refused(work: Promise<unknown>, files = before): Promise<NodeRefusedError> {
    const error = await failureOf(work);
    expect(error).toBeInstanceOf(NodeRefusedError);
    expect(installed.files()).toEqual(files);
    expect(await greeting()).toBe('"Helo, world!"');
    return error as NodeRefusedError;
  }

  it('because it does not upgrade from what runs', async () => {
    const upFrom = deploying.good.manifest.upFrom.map((release) => ({ ...release, version: '0.0.9' }));
    const error = await refused(
      deploy({ ...deploying.good, manifest: { ...deploying.good.manifest, upFrom } }),
    );
    expect(error.message).toBe('The node runs helloworld 0.1.0, but the package upgrades from 0.0.9 only.');
  });

  it('because other code runs than the version says', async () => {
    const upFrom = deploying.good.manifest.upFrom.map((release) => ({
      ...release,
      applications: release.applications.map((application) => ({
        ...application,
        modules: Object.fromEntries(
          Object.entries(application.modules).map(([name, md5]) => [
            name,
            name === 'helloworld' ? 'f00' : md5,
          ]),
        ),
      })),
    }));
    const error = await refused(
      deploy({ ...deploying.good, manifest: { ...deploying.good.manifest, upFrom } }),
    );
    expect(error.message).toContain('1 of its loaded modules are not those of 0.1.0: helloworld.');
  });

  it('because it was damaged on the way', async () => {
    const path = join(deploying.folder, 'damaged.tar.gz');
    writeFileSync(path, readFileSync(deploying.good.upgradePackage.path).subarray(0, -1));
    const error = await refused(
      deploy({ ...deploying.good, upgradePackage: { ...deploying.good.upgradePackage, path } }),
    );
    expect(error.message).toContain('its SHA-256 differs');
  });

  it('because a file with other content is in the way', async () => {
    const ebin = join(installed.root, 'lib/helloworld-0.2.0/ebin');
    mkdirSync(ebin, { recursive: true });
    writeFileSync(join(ebin, 'helloworld.app'), 'left by an earlier attempt');
    const error = await refused(deploy(), installed.files());
    expect(error.message).toContain('lib/helloworld-0.2.0/ebin/helloworld.app');
    rmSync(join(installed.root, 'lib/helloworld-0.2.0'), { recursive: true });
  });

  it.each([
    ['cannot be read', '[{helloworld, [}].', 'syntax error'],
    ['has a placeholder that nothing fills in', '[{helloworld, [{host, "${DB_HOST}"}]}].', '${DB_HOST}'],
    ['includes a file that is missing', '[{helloworld, []}, "more.config"].', 'more.config'],
  ])('because its sys.config %s', async (_, text, expected) => {
    const bad = await deploying.pack((tree) => writeFileSync(join(tree, 'releases/0.2.0/sys.config'), text));
    const error = await refused(deploy(bad));
    expect(error).toBeInstanceOf(DeployError);
    expect((error as DeployError).nodeState).toBe('untouched');
    expect(error.message).toContain(expected);
    expect(error.message).toContain('The node runs 0.1.0. Its files are as they were.');
  });

  it("because the service's environment lacks a variable of its template", async () => {
    const error = await refused(deploy(await deploying.pack(useTemplate)));
    expect(error.message).toContain("needs ${DB_HOST}, which the service's environment does not have.");
    expect(error.remedy).toContain('${DB_HOST:-default}');
  });

  it('because release_handler finds no instructions for what runs', async () => {
    const bad = await deploying.pack(editRelup((relup) => relup.replaceAll('"0.1.0"', '"0.1.7"')));
    const error = await refused(deploy(bad));
    expect(error.message).toContain('no relup leads from the running release to the unpacked one.');
  });

  it('because it has no relup at all', async () => {
    const bad = await deploying.pack((tree) => {
      rmSync(join(tree, 'releases/0.2.0/relup'));
      // records of release_handler, as relx packages them, must not take effect by being unpacked (H47)
      for (const record of ['RELEASES', 'start_erl.data'])
        writeFileSync(join(tree, 'releases', record), 'bad');
    });
    const error = await refused(deploy(bad));
    expect(error.message).toContain('has no relup that upgrades from 0.1.0');
  });

  it('and a good one of the same version is deployed afterwards', async () => {
    await deploy();
    expect(await greeting()).toBe('"Hello, world!"');
  });
});

describe('without a node that can be upgraded', () => {
  afterEach(() => installed.remove());

  it('says that none runs', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    const error = await failureOf(deploy());
    expect(error).toBeInstanceOf(NodeRefusedError);
    expect(String(error)).toContain(`No node runs from ${installed.root}`);
  });

  it('says that the cookie is not the one the node uses', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball, { cookieIn: 'file' });
    await installed.start();
    const files = installed.files();
    installed.writeCookieFile('another_cookie');
    const error = await failureOf(deploy());
    expect(String(error)).toContain('refuses the connection: the cookie found for it is not the one it uses');
    expect(output().replace('::add-mask::another_cookie', '')).not.toContain('another_cookie');
    expect(installed.files()).toEqual(files);
  });
});
