import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { captureOutput, Deploying, failureOf } from '../support/deploying.js';
import { InstalledRelease } from '../support/running-release.js';

/** Code that knows the folder that it was compiled in (H120), and does not change. */
function addLogger(project: string): void {
  const source = `-module(helloworld_log).
-include_lib("kernel/include/logger.hrl").
-export([note/1]).
note(Text) -> ?LOG_NOTICE("~ts", [Text]), ?FILE.
`;
  writeFileSync(join(project, 'src/helloworld_log.erl'), source);
}

let packaged: Deploying;
let elsewhere: Deploying;
let installed: InstalledRelease;

beforeAll(async () => {
  packaged = await Deploying.prepare(addLogger);
  elsewhere = await Deploying.prepare(addLogger);
});

afterAll(() => {
  packaged.remove();
  elsewhere.remove();
});

beforeEach(() => void captureOutput());
afterEach(async () => {
  vi.restoreAllMocks();
  await installed.remove();
});

describe('a node whose release was built in another folder', () => {
  it('is known by its code, and upgraded', async () => {
    const md5s = (of: Deploying) => of.good.manifest.upFrom.flatMap(({ applications }) => applications);
    const known = (of: Deploying) => md5s(of).find(({ name }) => name === 'helloworld')?.md5s;
    expect(known(packaged)).toHaveProperty('helloworld_log');
    expect(known(packaged)).not.toEqual(known(elsewhere));

    installed = await InstalledRelease.install(elsewhere.built.oldTarball);
    await installed.start();
    expect(await installed.ask('helloworld_log note [hello]')).toContain('src/helloworld_log.erl');
    const result = await packaged.deploy(installed);
    expect(result).toMatchObject({ deployedVersion: '0.2.0', nodeState: 'upgraded' });
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
  });

  it('is not taken for it when a file was replaced after it was loaded', async () => {
    installed = await InstalledRelease.install(elsewhere.built.oldTarball);
    await installed.start();
    // what runs is not what lies there any more, and the digest of what lies there says nothing about it
    await installed.ask('helloworld_log note [hello]');
    const beam = join(installed.root, 'lib/helloworld-0.1.0/ebin/helloworld_log.beam');
    writeFileSync(beam, 'no beam');
    const failure = await failureOf(packaged.deploy(installed));
    expect(String(failure)).toContain('helloworld_log');
  });
});
