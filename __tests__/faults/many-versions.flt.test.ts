import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/repository.js';
import { Bench } from './support/bench.js';
import { RUNS } from './support/options.js';
import { NEW, OLD, Packages, sourcesOf } from './support/packages.js';
import { withNode, type ServingNode } from './support/serving-node.js';

const packages = Packages.shared();
/** How many versions follow 1.1.0. */
const LATER = RUNS >= 100 ? 9 : RUNS >= 30 ? 5 : 2;
const VERSIONS = [NEW, ...Array.from({ length: LATER }, (_, index) => `1.1.${index + 1}`)];

let bench: Bench;

/** The sources of 1.1.0 with another version, which its pages tell. */
function sourcesAs(version: string): string {
  const dir = temporaryFolder('relup-faults-sources-');
  cpSync(sourcesOf(NEW), dir, { recursive: true });
  const edit = (file: string, change: (text: string) => string): void =>
    writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'utf8')));
  for (const file of ['rebar.config', 'src/webcounter.app.src']) {
    edit(file, (text) => text.replaceAll(`"${NEW}"`, `"${version}"`));
  }
  edit(
    'src/webcounter_pages.erl',
    (text) => `${text.replace('-export([', '-export([version/0, ')}\nversion() -> "${version}".\n`,
  );
  return dir;
}

beforeAll(async () => {
  bench = await Bench.prepare('Many versions in a row');
  for (const [index, version] of VERSIONS.entries()) {
    if (version === NEW) continue;
    const sources = sourcesAs(version);
    await packages.build(version, sources, VERSIONS[index - 1]);
    rmSync(sources, { recursive: true, force: true });
  }
}, 600_000);

afterAll(() => bench.close());

interface Size {
  /** Bytes. */
  readonly memory: number;
  readonly disk: number;
}

async function sizeOf(node: ServingNode): Promise<Size> {
  const memory = await node.installed.evaluate(
    '[erlang:garbage_collect(P) || P <- processes()], erlang:memory(total)',
  );
  const [disk = ''] = execFileSync('du', ['-sb', node.root], { encoding: 'utf8' }).split('\t');
  return { memory: Number(/\d+/.exec(memory)?.[0]), disk: Number(disk) };
}

/** Upgrades to one version after the other. @returns the sizes after each */
async function upgradeToAll(node: ServingNode, keepReleases: number): Promise<Size[]> {
  const sizes: Size[] = [];
  for (const version of VERSIONS) {
    const { state, output } = await bench.deploy(node, await packages.good(version), { keepReleases });
    expect(state, output).toBe('upgraded');
    expect(node.bootFiles()).toMatchObject({ script: version });
    sizes.push(await sizeOf(node));
  }
  return sizes;
}

/** By release_handler alone, for good. */
async function change(node: ServingNode, version: string): Promise<void> {
  const work = `{ok, _, _} = release_handler:install_release("${version}"), ok = release_handler:make_permanent("${version}")`;
  expect(await node.installed.evaluate(work)).toBe('{ok, ok}');
  expect(await node.installed.evaluate('release_handler:which_releases(permanent)')).toContain(version);
}

function expectNoGrowth(sizes: readonly Size[]): void {
  const [first, last] = [sizes[0] as Size, sizes.at(-1) as Size];
  expect(last.memory).toBeLessThan(1.2 * first.memory + 2_000_000);
}

const COUNTS = `${VERSIONS.length} upgrades and ${VERSIONS.length - 1} downgrades`;

it(
  `${COUNTS} in a row lose no request, and the node needs no more memory`,
  () =>
    withNode(async (node) => {
      const sizes = await upgradeToAll(node, 100);
      for (const version of VERSIONS.slice(0, -1).toReversed()) {
        await change(node, version);
        sizes.push(await sizeOf(node));
      }
      await bench.served(node);
      expect(await node.code()).toEqual(await bench.verdict.expectedCode(NEW));
      expectNoGrowth(sizes);
      bench.tally.add(`${COUNTS} in a row`, 'same emulator, no more memory');
    }),
  600_000,
);

it(
  `${VERSIONS.length} upgrades that keep two releases do not fill the disk, and leave what is needed`,
  () =>
    withNode(async (node) => {
      const sizes = await upgradeToAll(node, 2);
      await bench.served(node);
      expectNoGrowth(sizes);
      expect((sizes.at(-1) as Size).disk).toBeLessThan(1.01 * (sizes[1] as Size).disk);
      const [before = '', last = ''] = VERSIONS.slice(-2);
      const libraries = readdirSync(join(node.root, 'lib')).filter((name) => name.startsWith('webcounter-'));
      expect(libraries.sort()).toEqual([`webcounter-${before}`, `webcounter-${last}`]);
      const code = await node.code();
      await change(node, before);
      expect(await node.code()).not.toEqual(code);
      await change(node, last);
      await node.restart();
      expect(await node.code()).toEqual(code);
      bench.tally.add(`${VERSIONS.length} upgrades, keep-releases: 2`, 'two releases left, both run');
    }),
  600_000,
);

/** What might grow on a node, or beside it, from one deploy to the next. */
interface Traces extends Size {
  readonly atoms: number;
  readonly processes: number;
  readonly codePath: number;
  readonly tables: number;
  readonly records: number;
  readonly journals: number;
}

async function tracesOf(node: ServingNode): Promise<Traces> {
  const text = await node.installed.evaluate(
    '[erlang:system_info(atom_count), erlang:system_info(process_count), length(code:get_path()), length(ets:all())]',
  );
  const [atoms = 0, processes = 0, codePath = 0, tables = 0] = (text.match(/\d+/g) ?? []).map(Number);
  const size = (path: string): number => statSync(join(node.root, path)).size;
  const journals = readdirSync(join(node.root, '.relup-action')).reduce(
    (sum, name) => sum + size(join('.relup-action', name)),
    0,
  );
  const records = size('releases/RELEASES');
  return { ...(await sizeOf(node)), atoms, processes, codePath, tables, records, journals };
}

/** Back to the first version by hand, as a team does that had to; the newer ones are removed. */
async function goBack(node: ServingNode): Promise<void> {
  for (const version of [OLD, ...VERSIONS.slice(0, -1)].toReversed()) await change(node, version);
  for (const version of VERSIONS.toReversed()) {
    expect(await node.installed.evaluate(`release_handler:remove_release("${version}")`)).toBe('{ok, ok}');
    rmSync(join(node.root, 'bin', `webcounter-${version}`), { force: true });
  }
}

const ROUNDS = RUNS >= 30 ? Math.round(30 / VERSIONS.length) : 2;
const DEPLOYS = `${ROUNDS * VERSIONS.length} deploys in a row between ${VERSIONS.length + 1} versions`;

it(
  `${DEPLOYS} leave nothing that grows`,
  () =>
    withNode(async (node) => {
      const traces: Traces[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        if (round > 0) await goBack(node);
        await upgradeToAll(node, 100);
        traces.push(await tracesOf(node));
      }
      await bench.served(node);
      expect(await node.answeringPid()).toBe(node.pid);
      const [first, last] = [traces[0] as Traces, traces.at(-1) as Traces];
      expectNoGrowth(traces);
      for (const exactly of ['codePath', 'tables', 'records'] as const) {
        expect(last[exactly], exactly).toBe(first[exactly]);
      }
      // connections come and go; the versions and names that are new in a round are atoms once
      expect(last.processes).toBeLessThan(first.processes + 20);
      expect(last.atoms - (traces[1] as Traces).atoms).toBeLessThan(30 * ROUNDS);
      expect(last.journals).toBeLessThan(1.1 * first.journals);
      expect(last.disk).toBeLessThan(1.01 * first.disk);
      bench.tally.add(DEPLOYS, 'no more atoms, memory, code path, records, disk');
    }),
  1_500_000,
);
