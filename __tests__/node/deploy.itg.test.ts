import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { controlNode } from '../../src/node/control.js';
import { stopNode } from '../../src/node/release-script.js';
import { deployRelease, DeployError, type DeployOptions } from '../../src/phases/deploy.js';
import { compileErlang, type Erlang } from '../../src/programs/erlang.js';
import { NodeRefusedError } from '../../src/shared/errors.js';
import { commandLinesWith } from '../support/cookie-watch.js';
import { temporaryFolder } from '../support/repository.js';
import {
  buildHelloworld,
  InstalledRelease,
  packHelloworld,
  type Helloworld,
  type TestPackage,
} from '../support/running-release.js';

let folder: string;
let erlang: Erlang;
let built: Helloworld;
let good: TestPackage;
let installed: InstalledRelease;
let output: string;

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await compileErlang(folder);
  built = await buildHelloworld();
  good = await packHelloworld(erlang, built);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(built.folder, { recursive: true, force: true });
});

beforeEach(() => {
  output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function deploy(input: TestPackage = good, options: Partial<DeployOptions> = {}) {
  const privateFolder = mkdtempSync(join(folder, 'private-'));
  return deployRelease({
    erlang,
    deployRoot: installed.root,
    privateFolder,
    watchSeconds: 20,
    ...input,
    ...options,
  });
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

const greeting = () => installed.ask('helloworld helloworld');

describe('a good package', () => {
  afterEach(() => installed.remove());

  it('upgrades the running node, which keeps its state, and the next start boots the new release', async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    const node = await installed.start();
    expect(await greeting()).toBe('"Helo, world!"');

    const work = deploy();
    const { found, looks } = await commandLinesWith(installed.cookie, node.pid, work);
    const result = await work;

    expect(await greeting()).toBe('"Hello, world!"');
    expect(await installed.ask('helloworld calls')).toBe('2');
    expect(result).toMatchObject({ deployedVersion: '0.2.0', nodeState: 'upgraded' });
    expect(result.after.osPid).toBe(String(node.pid));
    expect(result.after.startedAt).toBe(result.before.startedAt);
    const statuses = result.after.releases.map(({ version, status }) => `${version} ${status}`);
    expect(statuses).toEqual(['0.2.0 permanent', '0.1.0 old']);

    expect(looks).toBeGreaterThan(10);
    expect(found).toEqual([]);
    const printed = output.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(output).toContain(`::add-mask::${installed.cookie}`);
    expect(printed.join('\n')).not.toContain(installed.cookie);
    expect(printed).toContain('Releases before: 0.1.0 permanent; after: 0.2.0 permanent, 0.1.0 old.');

    const script = readFileSync(join(installed.root, 'bin/helloworld'), 'utf8');
    expect(script).toContain('REL_VSN="0.2.0"');
    await stopNode(controlNode(erlang, node, join(folder, 'stop')), node);
    const restarted = await installed.start();
    expect(restarted.pid).not.toBe(node.pid);
    expect(await greeting()).toBe('"Hello, world!"');

    const again = await deploy();
    expect(again.before.releases).toEqual(again.after.releases);
    expect(output).toContain('0.2.0 is installed already.');
  });

  it.each(['-name NAME@127.0.0.1', '-sname NAME'])(
    'reaches a node called %s whose cookie is in a file',
    async (name) => {
      installed = await InstalledRelease.install(built.oldTarball, { name, cookieIn: 'file' });
      await installed.start();
      await deploy();
      expect(await greeting()).toBe('"Hello, world!"');
    },
  );

  it('is watched until it is installed when the answer does not come in time', async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    await installed.start();
    const slow = await packHelloworld(erlang, built, (tree) =>
      editRelup(tree, (relup) =>
        relup.replaceAll('point_of_no_return', 'point_of_no_return,{apply,{timer,sleep,[5000]}}'),
      ),
    );
    const result = await deploy(slow, { stepSeconds: 2 });
    expect(output).toContain('answer to the installation: unknown');
    expect(result.nodeState).toBe('upgraded');
    expect(await greeting()).toBe('"Hello, world!"');
  });
});

describe('a package that is refused before the installation', () => {
  let before: Record<string, string>;

  beforeAll(async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    await installed.start();
    before = installed.files();
  });

  afterAll(() => installed.remove());

  async function refused(work: Promise<unknown>, files = before): Promise<NodeRefusedError> {
    const error = await failure(work);
    expect(error).toBeInstanceOf(NodeRefusedError);
    expect(installed.files()).toEqual(files);
    expect(await greeting()).toBe('"Helo, world!"');
    return error as NodeRefusedError;
  }

  it('because it does not upgrade from what runs', async () => {
    const upFrom = good.manifest.upFrom.map((release) => ({ ...release, version: '0.0.9' }));
    const error = await refused(deploy({ ...good, manifest: { ...good.manifest, upFrom } }));
    expect(error.message).toBe('The node runs helloworld 0.1.0, but the package upgrades from 0.0.9 only.');
  });

  it('because other code runs than the version says', async () => {
    const upFrom = good.manifest.upFrom.map((release) => ({
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
    const error = await refused(deploy({ ...good, manifest: { ...good.manifest, upFrom } }));
    expect(error.message).toContain('1 of its loaded modules are not those of 0.1.0: helloworld.');
  });

  it('because it was damaged on the way', async () => {
    const path = join(folder, 'damaged.tar.gz');
    writeFileSync(path, readFileSync(good.upgradePackage.path).subarray(0, -1));
    const error = await refused(deploy({ ...good, upgradePackage: { ...good.upgradePackage, path } }));
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
    const bad = await packHelloworld(erlang, built, (tree) =>
      writeFileSync(join(tree, 'releases/0.2.0/sys.config'), text),
    );
    const error = await refused(deploy(bad));
    expect(error).toBeInstanceOf(DeployError);
    expect((error as DeployError).nodeState).toBe('untouched');
    expect(error.message).toContain(expected);
    expect(error.message).toContain('The node runs 0.1.0. Its files are as they were.');
  });

  it('because release_handler finds no instructions for what runs', async () => {
    const bad = await packHelloworld(erlang, built, (tree) =>
      editRelup(tree, (relup) => relup.replaceAll('"0.1.0"', '"0.1.7"')),
    );
    const error = await refused(deploy(bad));
    expect(error.message).toContain('no relup leads from the running release to the unpacked one.');
  });

  it('because it has no relup at all', async () => {
    const bad = await packHelloworld(erlang, built, (tree) => rmSync(join(tree, 'releases/0.2.0/relup')));
    const error = await refused(deploy(bad));
    expect(error.message).toContain('has no relup that upgrades from 0.1.0');
  });

  it('and a good one of the same version is deployed afterwards', async () => {
    await deploy();
    expect(await greeting()).toBe('"Hello, world!"');
  });
});

describe('an installation that goes wrong', () => {
  beforeEach(async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    await installed.start();
  });

  afterEach(() => installed.remove());

  async function stateAfter(edit: (relup: string) => string): Promise<DeployError> {
    const bad = await packHelloworld(erlang, built, (tree) => editRelup(tree, edit));
    const error = await failure(deploy(bad));
    expect(error).toBeInstanceOf(DeployError);
    return error as DeployError;
  }

  it.each([
    // succeeds when the installation is checked, and fails when it is done
    [
      'is refused at last',
      '{apply,{ets,new,[relup_test,[named_table]]}},point_of_no_return',
      'environment-changed',
    ],
    ['crashes half-way', 'point_of_no_return,{apply,{erlang,error,[boom]}}', 'rebooted-into-old'],
  ])(
    'because it %s leaves the old release running, its files as they were',
    async (_, instructions, state) => {
      const before = installed.files();
      const error = await stateAfter((relup) => relup.replaceAll('point_of_no_return', instructions));
      expect(error.nodeState).toBe(state);
      expect(error.message).toContain('Its files are as they were.');
      expect(installed.files()).toEqual(before);
      expect(await greeting()).toBe('"Helo, world!"');
      await deploy();
      expect(await greeting()).toBe('"Hello, world!"');
    },
  );

  it('answered with success although the new code was not loaded: not made permanent', async () => {
    const error = await stateAfter((relup) =>
      relup.replace(/\[\{"0\.1\.0",\[\],\n.*?\}\]\}\],/s, '[{"0.1.0",[],[]}],'),
    );
    expect(error.nodeState).toBe('installed-not-permanent');
    expect(error.message).toContain("modules that are not the package's: helloworld");
    expect(readFileSync(join(installed.root, 'releases/start_erl.data'), 'utf8')).toMatch(/ 0\.1\.0$/);
  });
});

describe('without a node that can be upgraded', () => {
  afterEach(() => installed.remove());

  it('says that none runs', async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    const error = await failure(deploy());
    expect(error).toBeInstanceOf(NodeRefusedError);
    expect(String(error)).toContain(`No node runs from ${installed.root}`);
  });

  it('says that the cookie is not the one the node uses', async () => {
    installed = await InstalledRelease.install(built.oldTarball, { cookieIn: 'file' });
    await installed.start();
    const files = installed.files();
    installed.writeCookieFile('another_cookie');
    const error = await failure(deploy());
    expect(String(error)).toContain('refuses the connection: the cookie found for it is not the one it uses');
    expect(output.replace('::add-mask::another_cookie', '')).not.toContain('another_cookie');
    expect(installed.files()).toEqual(files);
  });
});

function editRelup(tree: string, edit: (relup: string) => string): void {
  const path = join(tree, 'releases/0.2.0/relup');
  const relup = readFileSync(path, 'utf8');
  const edited = edit(relup);
  expect(edited).not.toBe(relup);
  writeFileSync(path, edited);
}
