// Three nodes behind a balancer get the next version one after the other: hot, and by restart.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Commands, DemoError } from '../demo/commands.mjs';
import { freePort } from '../demo/node.mjs';
import { checkOutTag } from '../demo/repository.mjs';
import { endEmulator } from './deployments.mjs';
import { installHaproxy, startHaproxy } from './haproxy.mjs';
import { startFleetClients } from './load-thread.mjs';
import { now } from './load.mjs';
import { answered, draw, text } from './fleet-report.mjs';
import { failures } from './visits.mjs';
import { freePorts, installWebcounter, prepareWebcounter } from './webcounter.mjs';

const [OLD, NEW] = ['1.0.0', '1.1.0'];
const NODES = 3;
const CLIENTS = { clients: 2000, every: 5 };

/** Seconds of load before the first change, and after the last. */
const AROUND = 6;

const SETUP = { ...CLIENTS, nodes: NODES, around: AROUND, versions: `${OLD} → ${NEW}` };

/** Seconds that a node gets no new connections before it is restarted. */
const DRAIN = 5;

const commandLine = fileURLToPath(new URL('../../dist/cli/index.mjs', import.meta.url));
const picture = fileURLToPath(new URL('../../docs/performance-fleet.svg', import.meta.url));

export async function benchFleet(folder) {
  installHaproxy();
  const dir = join(folder, 'fleet');
  mkdirSync(dir);
  const commands = new Commands();
  const interrupt = () => commands.interrupt('Interrupted.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt);
  try {
    const { repository, tarballs } = await prepareWebcounter(commands, dir, [OLD, NEW]);
    const packages = await proveUpgrade(commands, dir, repository);
    const hot = await roll(commands, join(dir, 'hot'), tarballs, (node) => upgrade(commands, node, packages));
    tell('hot', hot);
    checkHot(hot);
    const restart = await roll(commands, join(dir, 'restart'), tarballs, (node) => replace(commands, node));
    tell('restart', restart);
    writeFileSync(picture, draw(hot, restart, SETUP));
    return text(hot, restart, SETUP);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  }
}

/** Makes and rehearses the packages. @returns {Promise<string>} their folder */
async function proveUpgrade(commands, dir, repository) {
  const workspace = join(dir, 'workspace');
  const packages = join(dir, 'packages');
  await checkOutTag(commands, repository, workspace, NEW);
  await commands.run(process.execPath, [commandLine, 'rehearse', '--output', packages], { cwd: workspace });
  return packages;
}

/**
 * @typedef {object} Rolling
 * @property {readonly import('./load.mjs').Visit[]} visits
 * @property {readonly number[]} dropped
 * @property {readonly { from: number, to: number }[]} changes node by node, on the clock of the load
 * @property {number} counted visits that the nodes know of at the end
 */

/** Changes a fleet, node by node, under load. @returns {Promise<Rolling>} */
async function roll(commands, folder, tarballs, change) {
  mkdirSync(folder);
  const nodes = [];
  let balancer;
  try {
    for (let number = 1; number <= NODES; number += 1) {
      const ports = await freePorts();
      const install = (version) =>
        installWebcounter(commands, join(folder, `node-${number}-${version}`), tarballs[version], ports);
      const node = { number, ports, running: await install(OLD), next: await install(NEW) };
      nodes.push(node);
      await node.running.start();
    }
    const port = await freePort();
    balancer = await startHaproxy(
      folder,
      port,
      nodes.map(({ ports }) => ports.port),
    );
    await commands.until('The balancer answers', () => answers(port));
    const before = await total(nodes);
    const clients = startFleetClients({ ...CLIENTS, port });
    await wait(1000 * (CLIENTS.every + AROUND));
    const changes = [];
    for (const node of nodes) {
      const from = now();
      await change({ ...node, balancer });
      changes.push({ from, to: now() });
    }
    await wait(1000 * AROUND);
    const load = await clients.stop();
    return { ...load, changes, counted: (await total(nodes)) - before };
  } finally {
    await balancer?.end();
    for (const { running, next } of nodes) {
      await running.stop();
      await next.stop();
    }
  }
}

async function upgrade(commands, { running }, packages) {
  const args = ['deploy', '--deploy-root', running.root, '--package', packages, '--soak', '2s'];
  const { exitCode, output } = await commands.attempt(process.execPath, [commandLine, ...args]);
  if (exitCode !== 0) throw new DemoError(`The deploy failed:\n${output}`);
}

async function replace(commands, { number, running, next, balancer }) {
  await balancer.set(number, 'drain');
  await wait(1000 * DRAIN);
  await endEmulator(commands, running.root);
  await next.start();
  await balancer.set(number, 'ready');
}

async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/total`, { headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
}

/** Visits that the nodes have counted, all together. */
async function total(nodes) {
  const each = nodes.map(async ({ ports }) => {
    const response = await fetch(`http://127.0.0.1:${ports.port}/total`, {
      headers: { connection: 'close' },
    });
    return (await response.json()).total;
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
}

/** What a hot upgrade promises. */
function checkHot(hot) {
  const wrong = [
    ...Object.entries(failures(hot.visits)).map(([kind, count]) => `${count} requests failed (${kind})`),
    ...(hot.dropped.length === 0 ? [] : [`${hot.dropped.length} connections were dropped`]),
    ...(hot.counted === answered(hot)
      ? []
      : [`${answered(hot)} visits were answered, ${hot.counted} counted`]),
    ...(hot.visits.at(-1)?.page === undefined ? ['the last answer is not of the new version'] : []),
  ];
  if (wrong.length > 0) throw new Error(`The hot upgrade was not without loss: ${wrong.join('; ')}.`);
}

function tell(name, rolling) {
  const { visits, dropped } = rolling;
  const failed = JSON.stringify(failures(visits));
  process.stderr.write(`  ${name}: ${failed} of ${visits.length} failed, ${dropped.length} dropped\n`);
}
