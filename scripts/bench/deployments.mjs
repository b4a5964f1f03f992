// A running webcounter gets its next version under load: hot by the action, and by restart.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DemoError } from '../demo/commands.mjs';
import { processesFrom } from '../demo/processes.mjs';
import { checkOutTag } from '../demo/repository.mjs';
import { Runner } from '../demo/runner.mjs';
import { startLoad } from './load-thread.mjs';
import { now } from './load.mjs';
import { freePorts, installWebcounter } from './webcounter.mjs';

/** Requests per second over connections that are kept, and over new ones. */
export const RATE = { kept: 400, fresh: 100 };

/** Seconds of load after the change. */
const AFTER = 10;

/**
 * @typedef {object} Deployment
 * @property {readonly import('./load.mjs').Visit[]} visits
 * @property {number} changed on the clock of the load: when the deployment began to change the running service
 * @property {number} served when the new version gave its first answer
 */

/**
 * relup-action runs for the new tag with `deploy: true`, from the build on, and the load does, too.
 * @param {import('../demo/commands.mjs').Commands} commands
 * @param {string} folder
 * @param {{ repository: string, from: string, to: string }} project `from` is the tarball of the up-from release
 * @returns {Promise<Deployment>}
 */
export async function deployHot(commands, folder, { repository, from, to }) {
  const ports = await freePorts();
  const release = await installWebcounter(commands, join(folder, 'hot'), from, ports);
  const runner = await startRunner(commands, join(folder, 'runner'));
  try {
    await release.start();
    const workspace = join(folder, 'runner/workspace');
    const job = { workspace, tag: to, commit: await checkOutTag(commands, repository, workspace, to) };
    const load = startLoad({ ...RATE, port: ports.port });
    const log = [];
    const step = await runner.runAction(job, { deploy: 'true', 'deploy-root': release.root }, (line) =>
      log.push(line),
    );
    await wait(1000 * AFTER);
    const visits = await load.stop();
    if (step.exitCode !== 0) throw new DemoError(`relup-action failed:\n${log.join('\n')}`);
    const served = firstOfNew(visits);
    return { visits, changed: served, served };
  } finally {
    await runner.close();
    await release.stop();
  }
}

/**
 * As a service manager restarts a service: the emulator is asked to end (SIGTERM), and when it has, the new release is
 * started, which is unpacked already.
 * @param {import('../demo/commands.mjs').Commands} commands
 * @param {string} folder
 * @param {{ from: string, to: string, before: number }} tarballs `before`: seconds of load before the change
 * @returns {Promise<Deployment>}
 */
export async function deployByRestart(commands, folder, { from, to, before }) {
  const ports = await freePorts();
  const old = await installWebcounter(commands, join(folder, 'restart-old'), from, ports);
  const next = await installWebcounter(commands, join(folder, 'restart-new'), to, ports);
  try {
    await old.start();
    const load = startLoad({ ...RATE, port: ports.port });
    await wait(1000 * before);
    const changed = now();
    await endEmulator(commands, old.root);
    await next.start();
    await wait(1000 * AFTER);
    const visits = await load.stop();
    return { visits, changed, served: firstOfNew(visits) };
  } finally {
    await next.stop();
    await old.stop();
  }
}

async function startRunner(commands, folder) {
  await mkdir(folder);
  return Runner.start(commands, folder);
}

/** Asks the emulator of an installed release to end, as a service manager does, and waits until it has. */
export async function endEmulator(commands, root) {
  const [emulator] = processesFrom(root).filter(({ program }) => /\/beam[^/]*$/.test(program));
  if (emulator === undefined) throw new DemoError(`No emulator runs from ${root}.`);
  process.kill(emulator.pid, 'SIGTERM');
  const ended = () => processesFrom(root).every(({ pid }) => pid !== emulator.pid);
  await commands.until('The emulator has ended', () => Promise.resolve(ended()));
}

/** Only the new version tells a page's count. */
function firstOfNew(visits) {
  const first = visits.find(({ page }) => page !== undefined);
  if (first === undefined) throw new DemoError('The new version never answered.');
  return first.done;
}
