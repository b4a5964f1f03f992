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
import { plot } from './plot.mjs';
import { table } from './table.mjs';
import { failures, summarize } from './visits.mjs';
import { freePorts, installWebcounter, prepareWebcounter } from './webcounter.mjs';

const [OLD, NEW] = ['1.0.0', '1.1.0'];
const NODES = 3;
const CLIENTS = { clients: 2000, every: 5 };

/** Seconds of load before the first change, and after the last. */
const AROUND = 6;

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
    writeFileSync(picture, draw(hot, restart));
    return text(hot, restart);
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

function answered({ visits }) {
  return visits.filter(({ failure }) => failure === undefined).length;
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

/** The stretch of time that is compared. */
function stretch({ changes }) {
  return { from: changes[0].from - 1000 * AROUND, to: changes.at(-1).to + 1000 * AROUND };
}

function draw(hot, restart) {
  const longest = Math.max(...[hot, restart].map((one) => stretch(one).to - stretch(one).from));
  const panel = (title, rolling, mark) => {
    const { from } = stretch(rolling);
    return {
      title,
      from: -AROUND,
      tenths: connections(rolling.dropped, from, longest / 100),
      marks: rolling.changes.map((change, index) => ({
        at: (change.from - from) / 1000 - AROUND,
        text: `${mark} ${index + 1}`,
      })),
    };
  };
  return plot('connections', [
    panel('Rolling hot upgrade (blue: kept, red: dropped)', hot, 'deploy to node'),
    panel('Rolling restart (blue: kept, red: dropped)', restart, 'drain of node'),
  ]);
}

/** Connections that were kept, and dropped, in each tenth of a second. */
function connections(dropped, from, tenths) {
  return Array.from({ length: Math.round(tenths) }, (_, tenth) => {
    const failed = dropped.filter((time) => Math.floor((time - from) / 100) === tenth).length;
    return { answered: CLIENTS.clients - failed, failed };
  });
}

function text(hot, restart) {
  const both = [hot, restart];
  const summaries = both.map((one) => summarize(one.visits, stretch(one).from, stretch(one).to));
  const row = (name, value) => [name, ...summaries.map(value)];
  const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return [
    table([
      [`${OLD} → ${NEW} on ${NODES} nodes`, 'rolling hot upgrade', 'rolling restart'],
      row('requests', ({ requests }) => requests),
      row('failed requests', ({ failed }) => failed),
      ['dropped connections', ...both.map(({ dropped }) => dropped.length)],
      row('latency, median', ({ median }) => milliseconds(median)),
      row('latency, 99 %', ({ p99 }) => milliseconds(p99)),
      row('latency, highest', ({ max }) => milliseconds(max)),
      ['visits forgotten by the counters', ...both.map((one) => answered(one) - one.counted)],
      [
        'from the first node to the last',
        ...both.map(({ changes }) => `${durationOf(changes).toFixed(0)} s`),
      ],
    ]),
    `${CLIENTS.clients} kept connections, ${CLIENTS.clients / CLIENTS.every} requests per second. A deploy takes ${(durationOf(hot.changes) / NODES).toFixed(1)} s for a node, of which 2 s are its soak.`,
  ].join('\n\n');
}

/** Seconds. */
function durationOf(changes) {
  return (changes.at(-1).to - changes[0].from) / 1000;
}
