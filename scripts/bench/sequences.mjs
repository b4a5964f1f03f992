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
 * @param {{ from: string, to: string, keep?: string, kept?: string, limit?: number }} options `keep`: where `_build` is kept
 * afterwards; `kept`: one that is restored first, as a workflow does with actions/cache; `limit`: seconds after which it is ended
 * @returns {Promise<{ seconds: number, cpu: number, peakTree: number, over: boolean }>}
 */
export function byHand(folder, repository, { from, to, keep, kept, limit }) {
  return fresh(folder, repository, async (cwd) => {
    const sequence = new Sequence(cwd, limit);
    if (kept !== undefined) await sequence.step('tar', '-xf', kept);
    await sequence.step('git', 'checkout', '--quiet', from);
    await sequence.step('rebar3', 'as', 'prod', 'release');
    await sequence.step('git', 'checkout', '--quiet', to);
    await sequence.step('rebar3', 'as', 'prod', 'release');
    if (!sequence.over) putAppup(cwd, to);
    await sequence.step('rebar3', 'as', 'prod', 'relup', '-n', 'big', '-v', to, '-u', from);
    await sequence.step('rebar3', 'as', 'prod', 'tar');
    if (keep !== undefined) await runTimed('tar', ['-cf', keep, '_build'], { cwd });
    return sequence;
  });
}

/** A `_build` as a run by hand leaves it, but for the releases. */
export function compiledByHand(folder, repository, { from, to, keep }) {
  return fresh(folder, repository, async (cwd) => {
    for (const version of [from, to]) {
      await runTimed('git', ['checkout', '--quiet', version], { cwd });
      await runTimed('rebar3', ['as', 'prod', 'compile'], { cwd, env: ownEnvironment() });
    }
    await runTimed('tar', ['-cf', keep, '_build'], { cwd });
  });
}

/** Programs one after the other, until they are done or the limit is reached. */
class Sequence {
  seconds = 0;
  cpu = 0;
  peakTree = 0;
  over = false;

  constructor(cwd, limit = Infinity) {
    this.cwd = cwd;
    this.limit = limit;
  }

  async step(program, ...args) {
    if (this.over) return;
    const limit = this.limit === Infinity ? {} : { limit: this.limit - this.seconds };
    const run = await runTimed(program, args, { cwd: this.cwd, env: ownEnvironment(), ...limit });
    this.seconds += run.seconds;
    this.cpu += run.cpu;
    this.peakTree = Math.max(this.peakTree, run.peakTree);
    this.over = run.over;
  }
}

/** What the appup plugin does in its hooks. */
function putAppup(cwd, to) {
  const appup = ['src', 'apps/big/src']
    .map((folder) => join(cwd, folder, 'big.appup.src'))
    .find((file) => existsSync(file));
  for (const ebin of ['_build/prod/lib/big/ebin', `_build/prod/rel/big/lib/big-${to}/ebin`]) {
    copyFileSync(appup, join(cwd, ebin, 'big.appup'));
  }
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
 * @param {{ to: string, limit?: number }} options `limit`: seconds after which it is ended
 * @returns what `runTimed` gives, and `steps`: seconds of each
 */
export function bareTar(folder, repository, { to, limit }) {
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
    const run = await runTimed('rebar3', ['as', 'prod', 'tar'], {
      cwd,
      env: ownEnvironment(),
      onOutput,
      limit,
    });
    const ends = [...begins.slice(1).map(({ at }) => at), run.seconds];
    return {
      ...run,
      steps: Object.fromEntries(begins.map(({ step, at }, index) => [step, ends[index] - at])),
    };
  });
}

/**
 * The action, without an upload and, unless the inputs say otherwise, without the rehearsal, which has no counterpart by hand.
 * @param {{ to: string, inputs?: Record<string, string>, env?: Record<string, string> }} options
 * @returns what `runTimed` gives, the manifest's packages, and report.json
 */
export function byAction(folder, repository, { to, inputs = {}, env = {} }) {
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
    });
    const manifest = /^manifest<<(.+)\n(.+)\n\1$/m.exec(readFileSync(variables.GITHUB_OUTPUT, 'utf8'))?.[2];
    const { packages } = JSON.parse(readFileSync(manifest, 'utf8'));
    const report = JSON.parse(readFileSync(join(dirname(manifest), 'report.json'), 'utf8'));
    return { ...run, packages, report };
  });
}
