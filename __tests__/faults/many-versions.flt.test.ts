import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/repository.js';
import { Bench } from './support/bench.js';
import { RUNS } from './support/options.js';
import { NEW, Packages, sourcesOf } from './support/packages.js';
import { withNode, type ServingNode } from './support/serving-node.js';

const packages = Packages.shared();
const VERSIONS = [NEW, ...Array.from({ length: RUNS >= 100 ? 9 : 2 }, (_, index) => `1.1.${index + 1}`)];
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

it(
  `${VERSIONS.length} upgrades and ${VERSIONS.length - 1} downgrades in a row lose no request, and the node does not grow`,
  () =>
    withNode(async (node) => {
      const sizes: Size[] = [];
      for (const version of VERSIONS) {
        const { state, output } = await bench.deploy(node, await packages.good(version));
        expect(state, output).toBe('upgraded');
        expect(node.bootFiles()).toMatchObject({ script: version });
        sizes.push(await sizeOf(node));
        bench.tally.add('upgrade', 'upgraded');
      }
      for (const version of VERSIONS.slice(0, -1).toReversed()) {
        const answer = await node.installed.evaluate(
          `{ok, _, _} = release_handler:install_release("${version}"), ok = release_handler:make_permanent("${version}")`,
        );
        expect(answer).toBe('{ok, ok}');
        expect(await node.installed.evaluate(`release_handler:which_releases(permanent)`)).toContain(version);
        sizes.push(await sizeOf(node));
        bench.tally.add('downgrade', 'downgraded');
      }
      await bench.served(node);
      expect(await node.code()).toEqual(await bench.verdict.expectedCode(NEW));
      bench.tally.add('all of them', 'same emulator');
      const [first, last] = [sizes[0] as Size, sizes.at(-1) as Size];
      expect(last.memory).toBeLessThan(1.2 * first.memory + 2_000_000);
      // each release that is kept takes its own files and no more
      const files = await Promise.all(
        VERSIONS.map(async (version) => (await packages.good(version)).upgradePackage.files),
      );
      const added = files.flat().reduce((sum, { size }) => sum + size, 0);
      expect(last.disk).toBeLessThan(first.disk + added + 200_000 * VERSIONS.length);
    }),
  600_000,
);
