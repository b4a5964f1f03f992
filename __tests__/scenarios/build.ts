import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/programs/exec.js';
import { buildSpec, writeProject, type Project } from './project.js';
import { applyChange, type Scenario } from './scenario.js';

const SOURCES = fileURLToPath(new URL('erlang/', import.meta.url));

/** A scenario whose releases lie on disk, compiled and assembled. */
export interface BuiltScenario {
  readonly scenario: Scenario;
  /** A folder of its own. */
  readonly folder: string;
  /** Oldest first; the last is the newest up-from release. */
  readonly upFrom: readonly Project[];
  readonly to: Project;
  /** Why a release could not be compiled or assembled: always a mistake in the scenario. */
  readonly problem?: string;
  /** Applications and modules with the same source in both releases, compiled in two folders: their digest may tell the path. */
  readonly builtElsewhere?: { readonly applications: readonly string[]; readonly modules: readonly string[] };
  /** A file for what the nodes log as an error, such as crash reports; none of it may be. */
  readonly crashes?: string;
}

/** Compiles the Erlang programs of the corpus; the folder is then given to `erl -pa`. */
export async function compilePrograms(folder: string): Promise<string> {
  const ebin = join(folder, 'programs');
  mkdirSync(ebin, { recursive: true });
  await run('erlc', ['-o', ebin, join(SOURCES, 'scenario_build.erl'), join(SOURCES, 'scenario_oracle.erl')]);
  return ebin;
}

/** Builds all releases of all scenarios in one emulator. */
export async function buildScenarios(
  folder: string,
  programs: string,
  scenarios: readonly Scenario[],
): Promise<BuiltScenario[]> {
  const built = scenarios.map((scenario, index) => write(scenario, join(folder, `s${index}`)));
  const specs = built.flatMap(({ scenario, upFrom, to }) =>
    [...upFrom, to].map((project) => buildSpec(project, scenario.expect !== 'equal')),
  );
  const specFile = join(folder, 'build.config');
  const resultFile = join(folder, 'build.result');
  writeFileSync(specFile, `[${specs.join(',\n')}].\n`);
  await run(
    'erl',
    ['-noinput', '+fnu', '-pa', programs, '-s', 'scenario_build', 'main', '-extra', specFile, resultFile],
    { timeoutSeconds: 300 },
  );
  const problems = readFileSync(resultFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return built.map((one) => {
    const problem = problems.filter((line) => line.includes(`${one.folder}/`)).join('\n');
    return problem === '' ? one : { ...one, problem };
  });
}

function write(scenario: Scenario, folder: string): BuiltScenario {
  const { upFrom, to, older } = scenario;
  const releases = [...(older === undefined ? [] : [applyChange(upFrom, older)]), upFrom];
  const projects = releases.map((text, index) => {
    const version = older !== undefined && index === 0 ? '0.9.0' : '1.0.0';
    return writeProject(join(folder, version), version, text);
  });
  const last = writeProject(join(folder, '2.0.0'), '2.0.0', applyChange(upFrom, to));
  return { scenario, folder, upFrom: projects, to: last };
}
