import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deployRelease } from '../../src/phases/deploy.js';
import { compileErlang, type Erlang } from '../../src/programs/erlang.js';
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

afterEach(() => installed.remove());

function deploy(input: TestPackage = good) {
  const privateFolder = join(folder, 'private');
  mkdirSync(privateFolder, { recursive: true, mode: 0o700 });
  return deployRelease({ erlang, deployRoot: installed.root, privateFolder, watchSeconds: 20, ...input });
}

describe('deployRelease', () => {
  it('upgrades', async () => {
    installed = await InstalledRelease.install(built.oldTarball);
    const node = await installed.start();
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
    const result = await deploy();
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect(await installed.ask('helloworld calls')).toBe('2');
    expect(result.after.osPid).toBe(String(node.pid));
  });
});
