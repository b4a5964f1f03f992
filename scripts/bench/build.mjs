// The action next to the manual sequence of the how-to, and next to a bare `rebar3 as prod tar`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRunnerServices } from '../runner-services/index.mjs';
import { generateProject } from './generated-project.mjs';
import { alternate } from './measure.mjs';
import { bareTar, byAction, byHand } from './sequences.mjs';
import { ratio, seconds, table } from './table.mjs';

const PROJECTS = [
  { name: '3 modules, no dependencies', modules: 3, dependencies: 0 },
  { name: '300 modules, 4 git dependencies of 60 modules', modules: 300, dependencies: 4 },
];
const RUNS = 3;
const versions = ['1.0.0', '1.1.0'];

export async function benchBuild(folder) {
  const rows = [
    [
      'project',
      'by hand',
      'action, cold',
      'ratio',
      'action, cached',
      'ratio',
      'bare tar',
      'cached / bare tar',
    ],
  ];
  const phases = [];
  for (const [index, { name, ...size }] of PROJECTS.entries()) {
    const dir = join(folder, `build-${index}`);
    mkdirSync(dir);
    const { medians, log } = await measure(
      dir,
      generateProject({ dir: join(dir, 'source'), versions, ...size }),
    );
    const { hand, cold, cached, bare } = medians;
    rows.push([
      name,
      seconds(hand),
      seconds(cold),
      ratio(cold / hand),
      seconds(cached),
      ratio(cached / hand),
      seconds(bare),
      ratio(cached / bare),
    ]);
    phases.push(log);
  }
  return `${table(rows)}\n\nMedians of ${RUNS} runs in turn. Where the time of the larger project's last cold run goes:\n\n${phases.at(-1)}`;
}

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
    let log = '';
    const action = async (more) => {
      const run = await byAction(dir, repository, { to, inputs: { 'upgrade-from': from }, ...more });
      if (more.env === undefined) log = run.phases;
      return run.seconds;
    };
    const medians = await alternate(
      {
        hand: () => byHand(dir, repository, { from, to }),
        cold: () => action({}),
        cached: () => action({ env }),
        bare: () => bareTar(dir, repository, { to }),
      },
      RUNS,
    );
    return { medians, log };
  } finally {
    await services.close();
  }
}
