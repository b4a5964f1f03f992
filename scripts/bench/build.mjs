// The action next to the manual sequence of the how-to, and next to a bare `rebar3 as prod tar`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRunnerServices } from '../runner-services/index.mjs';
import { generateProject } from './generated-project.mjs';
import { alternate, median } from './measure.mjs';
import { bareTar, byAction, byHand, undefinedCheck } from './sequences.mjs';
import { ratio, seconds, table } from './table.mjs';

const PROJECTS = [
  { name: '3 modules, no dependencies', modules: 3, dependencies: 0 },
  {
    name: '300 modules in one application, relx as in the how-to, 4 git dependencies of 60 modules',
    modules: 300,
    perApplication: 300,
    devMode: true,
    dependencies: 4,
  },
  { name: '300 modules, 4 git dependencies of 60 modules', modules: 300, dependencies: 4 },
];
const RUNS = 3;
const versions = ['1.0.0', '1.1.0'];

export async function benchBuild(folder) {
  const rows = [
    [
      'project',
      '',
      'by hand',
      'action, cold',
      'ratio',
      'action, cached',
      'ratio',
      'bare tar',
      'cached / bare tar',
    ],
  ];
  let last;
  for (const [index, { name, ...size }] of PROJECTS.entries()) {
    const dir = join(folder, `build-${index}`);
    mkdirSync(dir);
    last = await measure(dir, generateProject({ dir: join(dir, 'source'), versions, ...size }));
    rows.push([name, 'elapsed', ...compared(last.elapsed)], [name, 'processor time', ...compared(last.cpu)]);
  }
  const { steps, phases, check } = last;
  return [
    table(rows),
    `Medians of ${RUNS} runs in turn; the rest is of the larger project's last runs. A bare \`rebar3 as prod tar\`:`,
    table([['step', 'elapsed'], ...Object.entries(steps).map(([step, time]) => [step, seconds(time)])]),
    `Of the processor time of a release in which nothing has changed (${seconds(check.checked)}), relx's check for undefined functions takes ${seconds(check.checked - check.unchecked)}. The action, cold and cached:`,
    phases.cold,
    phases.cached,
  ].join('\n\n');
}

function compared({ hand, cold, cached, bare }) {
  return [
    seconds(hand),
    seconds(cold),
    ratio(cold / hand),
    seconds(cached),
    ratio(cached / hand),
    seconds(bare),
    ratio(cached / bare),
  ];
}

/** Medians of elapsed and of processor time, and what the last runs said of their parts. */
async function measure(dir, repository) {
  const [from, to] = versions;
  const services = await startRunnerServices({ dir: join(dir, 'services') });
  try {
    const event = join(dir, 'event.json');
    writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
    const env = { ...services.env, GITHUB_SERVER_URL: 'https://github.com', GITHUB_EVENT_PATH: event };
    // A run on the default branch warms the cache.
    await byAction(dir, repository, {
      to,
      env: { ...env, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' },
    });
    const inputs = { 'upgrade-from': from };
    const variants = {
      hand: () => byHand(dir, repository, { from, to }),
      cold: () => byAction(dir, repository, { to, inputs }),
      cached: () => byAction(dir, repository, { to, inputs, env }),
      bare: () => bareTar(dir, repository, { to }),
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
    return {
      elapsed,
      cpu,
      steps: runs.bare.at(-1).steps,
      phases: { cold: runs.cold.at(-1).phases, cached: runs.cached.at(-1).phases },
      check: await undefinedCheck(dir, repository, { to }),
    };
  } finally {
    await services.close();
  }
}
