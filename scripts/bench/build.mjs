// The action next to the manual sequence of the how-to, and next to a bare `rebar3 as prod tar`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRunnerServices } from '../runner-services/index.mjs';
import { generateProject } from './generated-project.mjs';
import { median } from './measure.mjs';
import { countModules, realLibraries } from './real-libraries.mjs';
import { bareTar, byAction, byHand, compiledByHand } from './sequences.mjs';
import { megabytes, ratio, seconds, table } from './table.mjs';

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
  'cold / by hand': ['cold', 'hand'],
  'cold / bare tar': ['cold', 'bare'],
  'warm / by hand with cached `_build`': ['warm', 'handKept'],
  '`cache: release` / bare tar': ['release', 'bare'],
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
  large: {
    title: '3,000 modules in one application, as in the how-to',
    // In seconds: what is done by hand takes an hour and more.
    limits: { hand: 600, handKept: 300, bare: 300 },
    make: (dir) => generateProject({ dir, versions, modules: 3000, perApplication: 3000, devMode: true }),
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
  const summary = [['project', ...Object.keys(RATIOS)]];
  const parts = [];
  for (const name of picked) {
    const { title, make, limits } = PROJECTS[name];
    const dir = join(folder, `build-${name}`);
    mkdirSync(dir);
    const runs = await measure(dir, await make(join(dir, 'source')), limits);
    summary.push([title, ...Object.values(RATIOS).map((pair) => quotients(runs, ...pair))]);
    parts.push(`### ${title}`, times(runs), steps(runs));
  }
  return [
    `Elapsed, and in parentheses processor time; medians of ${RUNS} runs in turn, peaks are the highest:`,
    table(summary),
    ...parts,
  ].join('\n\n');
}

const of = (runs, field) => median(runs.map((run) => run[field]));
const isOver = (runs) => runs.some(({ over }) => over);

function quotients(runs, above, below) {
  const quotient = (field) => ratio(of(runs[above], field) / of(runs[below], field));
  const sign = isOver(runs[below]) ? '< ' : '';
  return `${sign}${quotient('seconds')} (${sign}${quotient('cpu')})`;
}

function times(runs) {
  const time = (all, field) => `${isOver(all) ? '> ' : ''}${seconds(of(all, field))}`;
  const peak = (all, field) => megabytes(Math.max(...all.map((run) => run[field])));
  return table([
    ['', 'elapsed', 'processor time', 'peak memory of all processes', 'of the action itself'],
    ...Object.entries(VARIANTS).map(([key, label]) => {
      const all = runs[key];
      const own = all[0].report === undefined ? '' : peak(all, 'peakOwn');
      return [label, time(all, 'seconds'), time(all, 'cpu'), peak(all, 'peakTree'), own];
    }),
  ]);
}

function steps(runs) {
  const list = (all) => all.map(([name, time]) => `${name} ${seconds(time)}`).join(', ');
  const phases = (key) => list(runs[key].at(-1).report.phases.map((phase) => [phase.name, phase.seconds]));
  const bare = list(Object.entries(runs.bare.at(-1).steps));
  return `A bare \`rebar3 as prod tar\`: ${bare}. The action, cold: ${phases('cold')}; warm: ${phases('warm')}; \`cache: release\`: ${phases('release')}.`;
}

/** All runs of all variants, in turn; what reaches the limit is not run again. */
async function measure(dir, repository, limits) {
  const services = await startRunnerServices({ dir: join(dir, 'services') });
  try {
    const event = join(dir, 'event.json');
    writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
    const env = { ...services.env, GITHUB_SERVER_URL: 'https://github.com', GITHUB_EVENT_PATH: event };
    const onMain = { ...env, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' };
    // A run on the default branch warms the cache, and one by hand keeps its _build, both at the commit that is tagged.
    await byAction(dir, repository, { to, env: onMain });
    const kept = join(dir, 'build.tar');
    await (limits === undefined ? byHand : compiledByHand)(dir, repository, { from, to, keep: kept });
    const inputs = { 'upgrade-from': from };
    const variants = {
      hand: () => byHand(dir, repository, { from, to, limit: limits?.hand }),
      handKept: () => byHand(dir, repository, { from, to, kept, limit: limits?.handKept }),
      bare: () => bareTar(dir, repository, { to, limit: limits?.bare }),
      cold: () => byAction(dir, repository, { to, inputs }),
      warm: () => byAction(dir, repository, { to, inputs, env }),
      release: () => byAction(dir, repository, { to, inputs: { ...inputs, cache: 'release' }, env }),
      rehearsed: () => byAction(dir, repository, { to, inputs: { ...inputs, rehearse: 'true' }, env }),
    };
    const runs = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
    for (let round = 0; round < RUNS; round++) {
      for (const [name, variant] of Object.entries(variants)) {
        if (runs[name].some(({ over }) => over)) continue;
        const run = await variant();
        runs[name].push(run);
        process.stderr.write(`  ${name} ${run.seconds.toFixed(2)} s\n`);
      }
    }
    return runs;
  } finally {
    await services.close();
  }
}
