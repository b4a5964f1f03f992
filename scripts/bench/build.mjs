// The action next to the manual sequence of the how-to, and next to a bare `rebar3 as prod tar`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRunnerServices } from '../runner-services/index.mjs';
import { generateProject } from './generated-project.mjs';
import { alternate, median } from './measure.mjs';
import { countModules, realLibraries } from './real-libraries.mjs';
import { bareTar, byAction, byHand } from './sequences.mjs';
import { ratio, seconds, table } from './table.mjs';

const RUNS = Number(process.env.RELUP_BENCH_RUNS ?? 3);
const versions = ['1.0.0', '1.1.0'];
const [from, to] = versions;

/** What is measured of each project, in this order, again and again. */
const VARIANTS = {
  hand: 'by hand',
  handKept: 'by hand, `_build` cached',
  bare: 'bare tar',
  cold: 'cold',
  warm: 'warm',
  release: '`cache: release`',
  rehearsed: 'warm, rehearsed',
};

const RATIOS = {
  'cold / by hand': ({ cold, hand }) => cold / hand,
  'cold / bare tar': ({ cold, bare }) => cold / bare,
  'warm / by hand with cached `_build`': ({ warm, handKept }) => warm / handKept,
  '`cache: release` / bare tar': ({ release, bare }) => release / bare,
};

/** The projects, by the name that RELUP_BENCH_PROJECTS (separated by commas) may pick them with. */
const PROJECTS = {
  'how-to': {
    title: 'as in the how-to: 300 modules in one application, 4 dependencies of 60',
    make: (dir) =>
      generateProject({ dir, versions, modules: 300, perApplication: 300, devMode: true, dependencies: 4 }),
  },
  umbrella: {
    title: '`{mode, prod}`: 6 applications of 50 modules, 4 dependencies of 60',
    make: (dir) => generateProject({ dir, versions, modules: 300, dependencies: 4 }),
  },
  real: {
    title: 'real libraries: 3 modules, 21 dependencies of RabbitMQ',
    make: async (dir) => {
      const libraries = await realLibraries(`${dir}-libraries`);
      process.stderr.write(`  ${countModules(libraries)} modules in libraries\n`);
      return generateProject({ dir, versions, modules: 3, devMode: true, libraries });
    },
  },
};

export async function benchBuild(folder) {
  const picked = process.env.RELUP_BENCH_PROJECTS?.split(',') ?? Object.keys(PROJECTS);
  const parts = [];
  for (const name of picked) {
    const { title, make } = PROJECTS[name];
    const dir = join(folder, `build-${name}`);
    mkdirSync(dir);
    const { elapsed, cpu, steps, phases } = await measure(dir, await make(join(dir, 'source')));
    parts.push(
      `### ${title}`,
      table([
        ['', 'elapsed', 'processor time'],
        ...Object.entries(VARIANTS).map(([key, label]) => [label, seconds(elapsed[key]), seconds(cpu[key])]),
      ]),
      table([
        ['ratio', 'elapsed', 'processor time'],
        ...Object.entries(RATIOS).map(([label, of]) => [label, ratio(of(elapsed)), ratio(of(cpu))]),
      ]),
      `A bare \`rebar3 as prod tar\`: ${Object.entries(steps)
        .map(([step, time]) => `${step} ${seconds(time)}`)
        .join(
          ', ',
        )}. The action, cold: ${phaseTimes(phases.cold)}; warm: ${phaseTimes(phases.warm)}; \`cache: release\`: ${phaseTimes(phases.release)}.`,
    );
  }
  return [...parts, `Medians of ${RUNS} runs in turn.`].join('\n\n');
}

function phaseTimes(phases) {
  return phases.map(({ name, seconds: time }) => `${name} ${seconds(time)}`).join(', ');
}

/** Medians of elapsed and of processor time, and what the last runs said of their parts. */
async function measure(dir, repository) {
  const services = await startRunnerServices({ dir: join(dir, 'services') });
  try {
    const event = join(dir, 'event.json');
    writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
    const env = { ...services.env, GITHUB_SERVER_URL: 'https://github.com', GITHUB_EVENT_PATH: event };
    const onMain = { ...env, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' };
    // A run on the default branch warms the cache, and one by hand keeps its _build, both at the commit that is tagged.
    await byAction(dir, repository, { to, env: onMain });
    const kept = join(dir, 'build.tar');
    await byHand(dir, repository, { from, to, keep: kept });
    const inputs = { 'upgrade-from': from };
    const variants = {
      hand: () => byHand(dir, repository, { from, to }),
      handKept: () => byHand(dir, repository, { from, to, kept }),
      bare: () => bareTar(dir, repository, { to }),
      cold: () => byAction(dir, repository, { to, inputs }),
      warm: () => byAction(dir, repository, { to, inputs, env }),
      release: () => byAction(dir, repository, { to, inputs: { ...inputs, cache: 'release' }, env }),
      rehearsed: () => byAction(dir, repository, { to, inputs: { ...inputs, rehearse: 'true' }, env }),
    };
    const runs = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
    const timed = Object.entries(variants).map(([name, variant]) => [
      name,
      async () => {
        runs[name].push(await variant());
        return runs[name].at(-1).seconds;
      },
    ]);
    const elapsed = await alternate(Object.fromEntries(timed), RUNS);
    const cpu = Object.fromEntries(
      Object.entries(runs).map(([name, all]) => [name, median(all.map((run) => run.cpu))]),
    );
    const phasesOf = (name) => runs[name].at(-1).report.phases;
    return {
      elapsed,
      cpu,
      steps: runs.bare.at(-1).steps,
      phases: { cold: phasesOf('cold'), warm: phasesOf('warm'), release: phasesOf('release') },
    };
  } finally {
    await services.close();
  }
}
