// What a rolling change did to the clients of a fleet, as a table and as a picture.
import { plot } from './plot.mjs';
import { table } from './table.mjs';
import { summarize } from './visits.mjs';

/** @typedef {import('./fleet.mjs').Rolling} Rolling */
/** @typedef {{ clients: number, every: number, nodes: number, around: number, versions: string }} Setup */

/** How many requests were answered. @param {Rolling} rolling */
export function answered({ visits }) {
  return visits.filter(({ failure }) => failure === undefined).length;
}

/** The stretch of time that is compared. */
function stretch({ changes }, setup) {
  return { from: changes[0].from - 1000 * setup.around, to: changes.at(-1).to + 1000 * setup.around };
}

/** SVG: what became of the connections. */
export function draw(hot, restart, setup) {
  const longest = Math.max(...[hot, restart].map((one) => stretch(one, setup).to - stretch(one, setup).from));
  const panel = (title, rolling, mark) => {
    const { from, to } = stretch(rolling, setup);
    const ended = (tenth) => from + 100 * tenth >= to;
    return {
      title,
      from: -setup.around,
      tenths: connections(rolling.dropped, setup.clients, { from, tenths: longest / 100 }).map(
        (one, tenth) => (ended(tenth) ? { answered: 0, failed: 0 } : one),
      ),
      marks: rolling.changes.map((change, index) => ({
        at: (change.from - from) / 1000 - setup.around,
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
function connections(dropped, clients, { from, tenths }) {
  return Array.from({ length: Math.round(tenths) }, (_, tenth) => {
    const failed = dropped.filter((time) => Math.floor((time - from) / 100) === tenth).length;
    return { answered: clients - failed, failed };
  });
}

/** The table, and what belongs to it. */
export function text(hot, restart, setup) {
  const both = [hot, restart];
  const summaries = both.map((one) =>
    summarize(one.visits, stretch(one, setup).from, stretch(one, setup).to),
  );
  const row = (name, value) => [name, ...summaries.map(value)];
  const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  return [
    table([
      [`${setup.versions} on ${setup.nodes} nodes`, 'rolling hot upgrade', 'rolling restart'],
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
    `${setup.clients} kept connections, ${setup.clients / setup.every} requests per second. A deploy takes ${(durationOf(hot.changes) / setup.nodes).toFixed(1)} s for a node, of which 2 s are its soak.`,
  ].join('\n\n');
}

/** Seconds. */
function durationOf(changes) {
  return (changes.at(-1).to - changes[0].from) / 1000;
}
