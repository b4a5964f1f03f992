// The demo's parts, one after the other.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoError } from './commands.mjs';
import { LogView } from './log-view.mjs';
import { Promises } from './promises.mjs';
import { checkOutTag, makeRepository, uncommitted } from './repository.mjs';
import { keepResults, sha256 } from './results.mjs';
import { Runner } from './runner.mjs';

const OLD = '0.1.0';
const NEW = '0.2.0';
const CALL = 'helloworld:helloworld().';

/**
 * @typedef {object} Stage
 * @property {import('./commands.mjs').Commands} commands
 * @property {import('./screen.mjs').Screen} screen
 * @property {string} folder private; removed by the caller
 * @property {import('./node.mjs').InstalledRelease} release its node is stopped by the caller
 */

/**
 * Plays the demo.
 * @param {Stage} stage
 * @throws {DemoError} when something is not as promised
 */
export async function tellStory(stage) {
  const { commands, screen, folder, release } = stage;
  const promises = new Promises(screen);
  const repository = join(folder, 'repository');
  screen.title('relup-action, from a git tag to an upgraded node');

  await screen.part(`A git repository with the tags ${OLD} and ${NEW}`, async () => {
    const nodeName = `helloworld_${randomBytes(4).toString('hex')}@localhost`;
    await makeRepository(commands, repository, [OLD, NEW], nodeName);
    screen.say(`${repository}; its node will be ${nodeName}`);
  });
  await screen.part(`${OLD} is built with rebar3 as prod tar, and installed`, () =>
    installOld(stage, repository),
  );
  const before = await screen.part(`${OLD} runs as a daemon`, async () => {
    await release.start();
    return askBefore(stage, promises);
  });
  await mkdir(join(folder, 'runner'));
  const runner = await Runner.start(commands, join(folder, 'runner'));
  try {
    const done = await screen.part(`The tag ${NEW} is pushed: relup-action runs, with deploy: true`, () =>
      runAction(stage, runner, repository),
    );
    await screen.part(`${NEW} runs, and nothing was restarted`, () =>
      checkNode(stage, promises, before, done.outputs),
    );
    await screen.part('The artifact holds what was made', () => checkArtifact(promises, runner, done));
    await screen.part('The job ends: post step', () => endJob(stage, promises, runner, done));
    tellResults(screen, done);
  } finally {
    await runner.close();
  }
  screen.times();
  screen.title(`\nEverything is as promised (${promises.kept} checks).`);
}

/**
 * @param {Stage} stage
 * @param {string} repository
 */
async function installOld({ commands, screen, folder, release }, repository) {
  const build = join(folder, 'build');
  await checkOutTag(commands, repository, build, OLD);
  await commands.run('rebar3', ['as', 'prod', 'tar'], { cwd: build, onLine: (line) => screen.quote(line) });
  await release.install(join(build, `_build/prod/rel/helloworld/helloworld-${OLD}.tar.gz`));
  screen.say(`installed in ${release.root}`);
}

/**
 * @param {Stage} stage
 * @param {Promises} promises
 */
async function askBefore({ release }, promises) {
  for (let call = 1; call <= 3; call += 1) {
    promises.same(`${CALL} call ${call}`, await release.ask(CALL), '"Helo, world!"');
  }
  const facts = await release.facts();
  promises.same('Calls counted', facts.calls, 3);
  promises.same('Releases', facts.versions, { [OLD]: 'permanent' });
  return facts;
}

/**
 * @param {Stage} stage
 * @param {Runner} runner
 * @param {string} repository
 */
async function runAction({ commands, screen, folder, release }, runner, repository) {
  const workspace = join(folder, 'runner/workspace');
  const job = { workspace, tag: NEW, commit: await checkOutTag(commands, repository, workspace, NEW) };
  const view = new LogView();
  /** @type {string[]} */
  const log = [];
  const show = (line) => {
    for (const seen of view.show(line)) {
      log.push(seen);
      screen.quote(seen);
    }
  };
  const step = await runner.runAction(job, { deploy: 'true', 'deploy-root': release.root, soak: '2s' }, show);
  const results = await keepResults(commands, runner, step.summaryFile, log);
  if (step.exitCode !== 0) {
    throw new DemoError(
      `relup-action ended with exit status ${step.exitCode}; its log is above and in ${results.folder}/action.log.`,
    );
  }
  return { job, view, results, outputs: step.outputs, state: step.state };
}

/** @typedef {Awaited<ReturnType<typeof runAction>>} Done */

/**
 * @param {Stage} stage
 * @param {Promises} promises
 * @param {import('./node.mjs').NodeFacts} before
 * @param {Record<string, string>} outputs
 */
async function checkNode({ release }, promises, before, outputs) {
  promises.same(CALL, await release.ask(CALL), '"Hello, world!"');
  const after = await release.facts();
  const up = ((Date.now() - after.startedAt) / 1000).toFixed(1);
  promises.same('Calls counted, across the upgrade', after.calls, before.calls + 1);
  promises.same('Operating system process', after.pid, before.pid, `${after.pid}, as before`);
  promises.same('Emulator started', after.startedAt, before.startedAt, `${up} s ago, as before`);
  promises.same('Releases', after.versions, { [NEW]: 'permanent', [OLD]: 'old' });
  promises.same('The next start boots', await release.nextVersions(), [NEW, NEW], NEW);
  const expected = {
    'release-name': 'helloworld',
    version: NEW,
    'up-from': `["${OLD}"]`,
    'upgrade-kind': 'hot',
    'deployed-version': NEW,
    'node-state': 'upgraded',
  };
  for (const [name, value] of Object.entries(expected)) promises.same(`Output ${name}`, outputs[name], value);
}

/**
 * @param {Promises} promises
 * @param {Runner} runner
 * @param {Done} done
 */
async function checkArtifact(promises, runner, { results, outputs }) {
  const found = runner.artifacts();
  promises.same(
    'Artifacts',
    found.map(({ name }) => name),
    [`helloworld-${NEW}-relup`],
  );
  promises.same('SHA-256 of the artifact', await sha256(found[0].path), outputs['artifact-digest']);
  const folder = results.artifactFolder;
  const base = `helloworld-${NEW}`;
  const files = ['debug.tar.gz', 'manifest.json', 'tar.gz', 'upgrade.tar.gz']
    .map((end) => `${base}.${end}`)
    .concat('report.html', 'report.json');
  promises.same('Files in it', (await readdir(folder)).sort(), files);
  const { packages } = JSON.parse(await readFile(join(folder, `${base}.manifest.json`), 'utf8'));
  for (const [kind, output] of [
    ['full', 'tarball-sha256'],
    ['upgrade', 'upgrade-tarball-sha256'],
  ]) {
    const { file, sha256: inManifest } = packages[kind];
    promises.same(`SHA-256 of ${file}, as in the manifest`, await sha256(join(folder, file)), inManifest);
    promises.same(`Output ${output}`, outputs[output], inManifest);
  }
}

/**
 * @param {Stage} stage
 * @param {Promises} promises
 * @param {Runner} runner
 * @param {Done} done
 */
async function endJob({ commands, screen }, promises, runner, { job, view, state }) {
  const show = (line) => view.show(line).forEach((seen) => screen.quote(seen));
  const post = await runner.runPost(job, state, show);
  promises.same('Exit status of the post step', post.exitCode, 0);
  const folders = (await readdir(runner.temp)).map((name) => name.replace(/-\w{6}$/, ''));
  promises.same(
    'Left in RUNNER_TEMP',
    folders,
    [`relup-helloworld-${NEW}`],
    'the packages that the outputs name',
  );
  promises.same('Changed in the checkout', await uncommitted(commands, job.workspace), '', 'nothing');
}

/**
 * @param {import('./screen.mjs').Screen} screen
 * @param {Done} done
 */
function tellResults(screen, { results, outputs }) {
  screen.title('\nOutputs of the step');
  for (const [name, value] of Object.entries(outputs)) screen.say(`${name}: ${value}`);
  screen.title(`\nKept in ${results.folder}`);
  screen.say(
    [
      `helloworld-${NEW}-relup.zip   the artifact`,
      `helloworld-${NEW}-relup/      the same, unpacked: the packages, the manifest and the report`,
      'summary.md                   the job summary',
      'action.log                   the log of the step',
    ].join('\n'),
  );
}
