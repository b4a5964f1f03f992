import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { missingVariables, placeConfiguration } from '../../src/node/configuration.js';
import type { NodeProcess } from '../../src/node/node-process.js';
import { buildHelloworld, type Helloworld } from '../support/helloworld-package.js';
import { temporaryFolder } from '../support/repository.js';

let built: Helloworld;
let folder: string;
let root: string;
let release: string;

beforeAll(async () => {
  built = await buildHelloworld();
});

afterAll(() => rmSync(built.folder, { recursive: true, force: true }));

beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder, 'root');
  mkdirSync(root);
  execFileSync('tar', ['-xzf', built.newTarball, '-C', root]);
  release = join(root, 'releases/0.2.0');
  return () => rmSync(folder, { recursive: true, force: true });
});

function place(environment: Record<string, string> = {}) {
  const node: NodeProcess = {
    pid: process.pid,
    deployRoot: root,
    nameFlag: '-sname',
    nodeName: 'x@localhost',
    cookie: 'unused',
    distribution: [],
    workingFolder: root,
    environment: { PATH: process.env['PATH'] ?? '', ...environment },
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
  };
  return placeConfiguration({ node, name: 'helloworld', version: '0.2.0', privateFolder: folder });
}

/** What the release's own start script makes of its templates; they are written to a private folder. */
function filledInByScript(environment: Record<string, string>): string {
  const out = join(folder, 'out');
  mkdirSync(out);
  spawnSync(join(root, 'bin/helloworld-0.2.0'), ['help'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, RELX_OUT_FILE_PATH: out, ...environment },
  });
  return readFileSync(join(out, 'sys.config'), 'utf8');
}

const sysConfig = () => readFileSync(join(release, 'sys.config'), 'utf8');

describe('placeConfiguration', () => {
  it('leaves a release without templates alone', async () => {
    const before = sysConfig();
    expect(await place()).toEqual([]);
    expect(sysConfig()).toBe(before);
  });

  it.each([
    ['a value', '[{a, [{b, "${HOST}"}]}].\n', { HOST: 'db.example' }],
    [
      'several on a line, a default, a default that is not used',
      '${HOST} ${PORT:-5432} ${HOST:-x}\n',
      { HOST: 'h' },
    ],
    ['an empty default', '<${NONE:-}>\n', {}],
    ['quotes and an ampersand', '"${TEXT}"\n', { TEXT: 'a & "b" \'c\'' }],
    ['a backslash', '"${TEXT}"\n', { TEXT: String.raw`C:\new\table` }],
    ['a placeholder in a value', '${OUTER}\n', { OUTER: '${INNER}', INNER: 'inside' }],
    ['no end of line', '${HOST}', { HOST: 'h' }],
    ['the version that starts next', '${RELEASE_VSN} ${REL_NAME:-}\n', { REL_NAME: 'helloworld' }],
  ])('fills in %s as the start script does', async (_, template, environment) => {
    rmSync(join(release, 'sys.config'));
    writeFileSync(join(release, 'sys.config.src'), template);
    const expected = filledInByScript(environment);
    // in the running node's environment stands the version that it was started with
    expect(await place({ RELEASE_VSN: '0.1.0', ...environment })).toEqual(['releases/0.2.0/sys.config']);
    expect(sysConfig()).toBe(expected);
    expect(expected).not.toContain('${');
  });

  it('fills in sys.config itself when the service asks for it, and keeps the unfilled file as the script does', async () => {
    writeFileSync(join(release, 'sys.config'), '[{a, [{b, ${B}}]}].\n');
    await place({ RELX_REPLACE_OS_VARS: 'true', B: '1' });
    expect(sysConfig()).toBe('[{a, [{b, 1}]}].\n');
    expect(readFileSync(join(release, 'sys.config.orig'), 'utf8')).toBe('[{a, [{b, ${B}}]}].\n');
  });

  it('takes the configuration that the service names, as the next start will', async () => {
    const own = join(folder, 'own.config');
    writeFileSync(`${own}.src`, '[{a, [{b, ${B}}]}].\n');
    await place({ RELX_CONFIG_PATH: own, B: '2' });
    expect(sysConfig()).toBe('[{a, [{b, 2}]}].\n');
  });

  it('refuses a variable that the service does not have, and writes nothing', async () => {
    rmSync(join(release, 'sys.config'));
    writeFileSync(join(release, 'sys.config.src'), '[{a, [{b, "${DB_HOST}"}, {c, ${PORT:-1}}]}].\n');
    await expect(place()).rejects.toThrow("needs ${DB_HOST}, which the service's environment does not have.");
    expect(existsSync(join(release, 'sys.config'))).toBe(false);
  });

  it('refuses a placeholder in a file that nothing fills in', async () => {
    writeFileSync(join(release, 'sys.config'), '[{a, [{b, "${DB_HOST}"}]}].\n');
    await expect(place({ DB_HOST: 'h' })).rejects.toThrow('holds ${DB_HOST}, and nothing would fill it in.');
  });

  it("refuses a default over which the start script's code would run for ever", async () => {
    writeFileSync(join(release, 'sys.config.src'), '${PORTS:-[1,2]}\n');
    await expect(place()).rejects.toThrow('it fails or does not end');
  });

  it('refuses a template in a release whose start script cannot fill it in', async () => {
    writeFileSync(join(release, 'sys.config.src'), '[].\n');
    writeFileSync(join(root, 'bin/helloworld-0.2.0'), '#!/bin/sh\nREL_VSN="0.2.0"\n');
    await expect(place()).rejects.toThrow('bin/helloworld-0.2.0 has no code that fills it in');
  });
});

describe('missingVariables', () => {
  it('lists each once, and none that has a default or an empty value', () => {
    expect(missingVariables('${A} ${A} ${B:-1} ${C} ${D}', { C: '' })).toEqual(['A', 'D']);
  });
});
