import { cpSync, copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../src/programs/exec.js';
import type { BuiltScenario } from './build.js';
import { applications, atom, RELEASE, string, type Project } from './project.js';

/**
 * What is not equal when the node is really upgraded and downgraded with the package: judged by `scenario_oracle.erl`,
 * which shares no code with the action.
 *
 * @param tarball the upgrade package
 * @returns a line for each difference
 */
export async function judge(programs: string, built: BuiltScenario, tarball: string): Promise<string[]> {
  const lines: string[] = [];
  for (const upFrom of built.upFrom) lines.push(...(await judgeStep(programs, built, upFrom, tarball)));
  return lines;
}

/** How often the node goes up and down; once, unless SCENARIO_ROUNDS says otherwise. */
function rounds(): number {
  return Number(process.env['SCENARIO_ROUNDS'] ?? '1');
}

async function judgeStep(
  programs: string,
  built: BuiltScenario,
  upFrom: Project,
  tarball: string,
): Promise<string[]> {
  const { folder, to, scenario } = built;
  const root = join(folder, `installed-${upFrom.version}`);
  cpSync(upFrom.root, root, { recursive: true, verbatimSymlinks: true });
  copyFileSync(tarball, join(root, 'releases', `${RELEASE}-${to.version}.tar.gz`));
  const erts = readdirSync(root).find((name) => name.startsWith('erts-')) ?? '';
  const own = new Set([...applications(upFrom.text), ...applications(to.text)].map(([name]) => atom(name)));
  const asks = (scenario.asks ?? []).map(
    ({ ask, upFrom, to, back }) => `{${[ask, upFrom, to, back ?? upFrom].map(string).join(', ')}}`,
  );
  const elsewhere = built.builtElsewhere ?? { applications: [], modules: [] };
  const spec = `#{name => ${string(RELEASE)}, erts => ${string(erts)},
    up_from => {${string(root)}, ${string(upFrom.version)}}, to => {${string(to.root)}, ${string(to.version)}},
    own => [${[...own].join(', ')}], before => ${string(scenario.before ?? '')}, asks => [${asks.join(', ')}],
    elsewhere => {[${elsewhere.applications.map(atom).join(', ')}], [${elsewhere.modules.map(atom).join(', ')}]},
    crashes => ${string(built.crashes ?? '')}, rounds => ${rounds()},
    replaced => [${(scenario.replaced ?? []).join(', ')}]}.\n`;
  const specFile = join(folder, `oracle-${upFrom.version}.config`);
  const resultFile = join(folder, `oracle-${upFrom.version}.result`);
  writeFileSync(specFile, spec);
  await run(
    'erl',
    ['-noinput', '+fnu', '-pa', programs, '-s', 'scenario_oracle', 'main', '-extra', specFile, resultFile],
    { timeoutSeconds: 240 + 2 * rounds(), env: { ERL_CRASH_DUMP_BYTES: '0' } },
  );
  return readFileSync(resultFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${upFrom.version} → ${to.version}: ${line}`);
}
