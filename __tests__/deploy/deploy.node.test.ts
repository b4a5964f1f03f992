import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlNode } from '../../src/node/control.js';
import { stopNode } from '../../src/node/release-script.js';
import type { DeployOptions } from '../../src/deploy/deploy.js';
import { commandLinesWith } from '../support/cookie-watch.js';
import type { TestPackage } from '../support/helloworld-package.js';
import { captureOutput, Deploying, editRelup, useTemplate } from '../support/deploying.js';
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

describe('a good package', () => {
  afterEach(() => installed.remove());

  it('upgrades the running node, which keeps its state, and the next start boots the new release', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
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
    const printed = output()
      .split('\n')
      .filter((line) => !line.startsWith('::add-mask::'));
    expect(output()).toContain(`::add-mask::${installed.cookie}`);
    expect(printed.join('\n')).not.toContain(installed.cookie);
    expect(printed).toContain('Releases before: 0.1.0 permanent; after: 0.2.0 permanent, 0.1.0 old.');

    const script = readFileSync(join(installed.root, 'bin/helloworld'), 'utf8');
    expect(script).toContain('REL_VSN="0.2.0"');
    await stopNode(
      controlNode({ erlang: deploying.erlang, node, privateFolder: join(deploying.folder, 'stop') }),
      node,
    );
    const restarted = await installed.start();
    expect(restarted.pid).not.toBe(node.pid);
    expect(await greeting()).toBe('"Hello, world!"');

    const again = await deploy();
    expect(again.before.releases).toEqual(again.after.releases);
    expect(output()).toContain('0.2.0 is installed already.');
  });

  it('leaves what runs now, for the builds that upgrade from it, but never writes over what is not its own', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    await installed.start();
    const file = join(installed.root, 'deployed.json');
    const commit = 'c'.repeat(40);
    const manifest = { ...deploying.good.manifest, commit };
    await deploy({ ...deploying.good, manifest });
    const line = `{"name":"helloworld","version":"0.2.0","commit":"${commit}"}\n`;
    expect(readFileSync(file, 'utf8')).toBe(line);
    expect(statSync(file).mode & 0o777).toBe(0o644);

    const elsewhere = join(deploying.folder, 'elsewhere');
    writeFileSync(elsewhere, 'not mine\n');
    rmSync(file);
    symlinkSync(elsewhere, file);
    await deploy({ ...deploying.good, manifest });
    expect(readFileSync(file, 'utf8')).toBe(line);
    expect(readFileSync(elsewhere, 'utf8')).toBe('not mine\n');

    writeFileSync(file, '{"mine": true}\n');
    const { record, nodeState } = await deploy({ ...deploying.good, manifest });
    expect(nodeState).toBe('upgraded');
    expect(record.findings.map(({ id }) => id)).toContain('deployed-not-noted');
    expect(readFileSync(file, 'utf8')).toBe('{"mine": true}\n');
  });

  it.each(['-name NAME@127.0.0.1', '-sname NAME'])(
    'reaches a node called %s whose cookie is in a file',
    async (name) => {
      installed = await InstalledRelease.install(deploying.built.oldTarball, { name, cookieIn: 'file' });
      await installed.start();
      await deploy();
      expect(await greeting()).toBe('"Hello, world!"');
    },
  );

  it("gets its configuration filled in from the service's environment before it is installed", async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball, {
      environment: { DB_HOST: 'db.example' },
    });
    await installed.start();
    await deploy(await deploying.pack(useTemplate));
    expect(output()).toContain('Configuration filled in: releases/0.2.0/sys.config.');
    expect(await installed.ask('application get_all_env [helloworld]')).toBe(
      '[{host, "db.example"}, {version, "0.2.0"}]',
    );
  });

  it('is watched until it is installed when the answer does not come in time', async () => {
    installed = await InstalledRelease.install(deploying.built.oldTarball);
    await installed.start();
    const slow = await deploying.pack(
      editRelup((relup) =>
        relup.replaceAll('point_of_no_return', 'point_of_no_return,{apply,{timer,sleep,[5000]}}'),
      ),
    );
    const result = await deploy(slow, { stepSeconds: 2 });
    expect(output()).toContain('answer to the installation: unknown');
    expect(result.nodeState).toBe('upgraded');
    expect(await greeting()).toBe('"Hello, world!"');
  });
});
