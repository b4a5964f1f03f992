// The two ways that are compared: by hand, as the how-to does it, and by the action.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readActionFile } from '../demo/action-file.mjs';
import { ownEnvironment } from '../demo/commands.mjs';
import { runTimed } from './measure.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A clone of its own for every run, so that nothing is built already. */
async function fresh(folder, repository, use) {
  const clone = join(mkdtempSync(join(folder, 'run-')), 'project');
  await runTimed('git', ['clone', '--quiet', repository, clone]);
  try {
    return await use(clone);
  } finally {
    rmSync(join(clone, '..'), { recursive: true, force: true });
  }
}

/**
 * Release at the old tag; release, relup and tar at the new one.
 * @param {{ from: string, to: string, keep?: string, kept?: string }} options `keep`: where `_build` is kept afterwards; `kept`:
 * one that is restored first, as a workflow does with actions/cache
 * @returns {Promise<{ seconds: number, cpu: number }>}
 */
export function byHand(folder, repository, { from, to, keep, kept }) {
  return fresh(folder, repository, async (cwd) => {
    const env = ownEnvironment();
    const steps = [];
    const step = async (program, ...args) => steps.push(await runTimed(program, args, { cwd, env }));
    if (kept !== undefined) await step('tar', '-xf', kept);
    await step('git', 'checkout', '--quiet', from);
    await step('rebar3', 'as', 'prod', 'release');
    await step('git', 'checkout', '--quiet', to);
    await step('rebar3', 'as', 'prod', 'release');
    // What the appup plugin does in its hooks.
    const appup = ['src', 'apps/big/src']
      .map((folder) => join(cwd, folder, 'big.appup.src'))
      .find((file) => existsSync(file));
    for (const ebin of ['_build/prod/lib/big/ebin', `_build/prod/rel/big/lib/big-${to}/ebin`]) {
      copyFileSync(appup, join(cwd, ebin, 'big.appup'));
    }
    await step('rebar3', 'as', 'prod', 'relup', '-n', 'big', '-v', to, '-u', from);
    await step('rebar3', 'as', 'prod', 'tar');
    if (keep !== undefined) await runTimed('tar', ['-cf', keep, '_build'], { cwd });
    return {
      seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
      cpu: steps.reduce((sum, { cpu }) => sum + cpu, 0),
    };
  });
}

/** What rebar3 says when a step begins, in order; the first `Analyzing` is of the dependencies, when there are any. */
const STEPS = [
  { step: 'compile dependencies', begins: /Analyzing applications/ },
  { step: "compile the project's applications", begins: /Analyzing applications/ },
  { step: "assemble, with relx's check", begins: /Assembling release/ },
  { step: 'tarball', begins: /Building release tarball/ },
];

/**
 * A bare `rebar3 as prod tar` of the new version.
 * @returns {Promise<{ seconds: number, cpu: number, steps: Record<string, number> }>} `steps`: seconds of each
 */
export function bareTar(folder, repository, { to }) {
  return fresh(folder, repository, async (cwd) => {
    await runTimed('git', ['checkout', '--quiet', to], { cwd });
    const begins = [{ step: 'start and fetch', at: 0 }];
    const hasDependencies = /^\{deps, \[\{/m.test(readFileSync(join(cwd, 'rebar.config'), 'utf8'));
    const expected = STEPS.slice(hasDependencies ? 0 : 1);
    const onOutput = (text, at) => {
      for (const line of text.split('\n')) {
        if (expected[0]?.begins.test(line)) begins.push({ step: expected.shift().step, at });
      }
    };
    const run = await runTimed('rebar3', ['as', 'prod', 'tar'], { cwd, env: ownEnvironment(), onOutput });
    const ends = [...begins.slice(1).map(({ at }) => at), run.seconds];
    return {
      ...run,
      steps: Object.fromEntries(begins.map(({ step, at }, index) => [step, ends[index] - at])),
    };
  });
}

/**
 * The action, without an upload and, unless the inputs say otherwise, without the rehearsal, which has no counterpart by hand.
 * @param {{ to: string, inputs?: Record<string, string>, env?: Record<string, string>, memory?: boolean }} options
 * @returns what `runTimed` gives, the manifest's packages, and report.json
 */
export function byAction(folder, repository, { to, inputs = {}, env = {}, memory = false }) {
  return fresh(folder, repository, async (workspace) => {
    await runTimed('git', ['checkout', '--quiet', to], { cwd: workspace });
    const { defaults, main } = await readActionFile(root);
    const temp = join(workspace, '../temp');
    mkdirSync(temp);
    const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'].map((name) => [
      name,
      join(temp, '..', name),
    ]);
    for (const [, file] of files) writeFileSync(file, '');
    const given = Object.entries({ ...defaults, upload: 'false', rehearse: 'false', ...inputs });
    const variables = {
      ...ownEnvironment(),
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: to,
      ...Object.fromEntries(files),
      ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...env,
    };
    const run = await runTimed(process.execPath, [join(root, main)], {
      cwd: workspace,
      env: variables,
      memory,
    });
    const manifest = /^manifest<<(.+)\n(.+)\n\1$/m.exec(readFileSync(variables.GITHUB_OUTPUT, 'utf8'))?.[2];
    const { packages } = JSON.parse(readFileSync(manifest, 'utf8'));
    const report = JSON.parse(readFileSync(join(dirname(manifest), 'report.json'), 'utf8'));
    return { ...run, packages, report };
  });
}
