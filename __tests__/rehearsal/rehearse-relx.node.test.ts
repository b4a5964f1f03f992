import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rehearse } from '../../src/rehearsal/rehearse.js';
import type { Rehearsal } from '../../src/model/rehearsal.js';
import type { RehearsalOptions } from '../../src/rehearsal/rehearsal-options.js';
import { releaseEnvironment } from '../../src/rehearsal/scratch/scratch-node.js';
import type { Erlang } from '../../src/programs/erlang.js';
import type { BuiltRelease, ReleaseApplication } from '../../src/model/release.js';
import { buildHelloworld, packHelloworld, type Helloworld } from '../support/helloworld-package.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: Erlang;
let built: Helloworld;
let upgrade: string;

/** Both versions are configured by the environment, as relx's start script fills it in (H80). */
function useTemplates(project: string): void {
  rmSync(join(project, 'config/sys.config'));
  rmSync(join(project, 'config/vm.args'));
  writeFileSync(join(project, 'config/sys.config.src'), '[{helloworld, [{host, "${DB_HOST}"}]}].\n');
  writeFileSync(join(project, 'config/vm.args.src'), '-sname ${NODE_NAME}\n-setcookie ${COOKIE}\n');
  const file = join(project, 'rebar.config');
  const config = readFileSync(file, 'utf8')
    .replace('{sys_config, "config/sys.config"}', '{sys_config_src, "config/sys.config.src"}')
    .replace('{vm_args, "config/vm.args"}', '{vm_args_src, "config/vm.args.src"}');
  writeFileSync(file, config);
}

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
  built = await buildHelloworld({ old: useTemplates, new: useTemplates });
  upgrade = (await packHelloworld(erlang, built)).upgradePackage.path;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(built.folder, { recursive: true, force: true });
});

async function release(root: string, version: string, tarball: string): Promise<BuiltRelease> {
  type Description = { erts: string; applications: ReleaseApplication[] };
  const { erts, applications } = await erlang.query<Description>('describe', [root, version]);
  const source = { kind: 'tarball', path: tarball } as const;
  return { root, name: 'helloworld', version, erts, includesErts: true, applications, source, tarball };
}

async function rehearsed(options: Partial<RehearsalOptions> = {}): Promise<Rehearsal> {
  const own = mkdtempSync(join(folder, 'rehearsal-'));
  return rehearse({
    erlang,
    folder: join(own, 'nodes'),
    logFolder: join(own, 'logs'),
    release: await release(built.newRoot, '0.2.0', built.newTarball),
    upFrom: [await release(built.oldRoot, '0.1.0', built.oldTarball)],
    upgrade,
    timeoutSeconds: 120,
    nodeName: 'random',
    ...options,
  });
}

const environment = {
  ...releaseEnvironment(process.env),
  DB_HOST: 'db',
  NODE_NAME: 'hello',
  COOKIE: 'theirs',
};

test('templates are filled in from the environment, in both versions; the name is ours', async () => {
  const names: string[] = [];
  const result = await rehearsed({
    env: environment,
    onStage: async (_stage, { process: node }, control) => {
      const { node: name } = await control.call<{ node: string }>('state');
      names.push(name);
      expect(node.cookie).not.toBe('theirs');
    },
  });
  expect(result.versions[0]?.findings).toEqual([]);
  expect(result.outcome).toBe('passed');
  expect(new Set(names).size).toBe(1);
  expect(names[0]).toMatch(/^helloworld_[0-9a-f]{12}@localhost$/);
});

test('node-name: keep leaves the name as vm.args gives it', async () => {
  const names = new Set<string>();
  const result = await rehearsed({
    env: environment,
    nodeName: 'keep',
    onStage: async (_stage, _node, control) => {
      names.add((await control.call<{ node: string }>('state')).node);
    },
  });
  expect(result.versions[0]?.findings).toEqual([]);
  expect([...names]).toEqual([expect.stringMatching(/^hello@/)]);
});

test('a variable that is missing is named; the template is not filled with nothing', async () => {
  const without = Object.entries(environment).filter(([variable]) => variable !== 'DB_HOST');
  const result = await rehearsed({ env: Object.fromEntries(without) });
  // nothing is wrong with the release, and nothing was tried
  expect(result.outcome).toBe('unproven');
  expect(result.versions[0]?.steps).toEqual([]);
  expect(result.versions[0]?.reason).toContain(
    'Nothing sets DB_HOST on this runner, which releases/0.1.0/sys.config.src and releases/0.2.0/sys.config.src would',
  );
  expect(result.versions[0]?.findings[0]?.remedy).toContain('env:\n  DB_HOST: …');
});
