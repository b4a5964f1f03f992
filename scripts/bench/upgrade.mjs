// A service under load gets its next version: hot, and by restart.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Commands } from '../demo/commands.mjs';
import { deployByRestart, deployHot, RATE } from './deployments.mjs';
import { plot } from './plot.mjs';
import { table } from './table.mjs';
import { failures, miscounts, perTenth, summarize } from './visits.mjs';
import { prepareWebcounter } from './webcounter.mjs';

const [OLD, NEW] = ['1.0.0', '1.1.0'];
/** Milliseconds around the change that are compared. */
const BEFORE = 5000;
const AFTER = 5000;
const picture = fileURLToPath(new URL('../../docs/performance-upgrade.svg', import.meta.url));

export async function benchUpgrade(folder) {
  const dir = join(folder, 'upgrade');
  mkdirSync(dir);
  const commands = new Commands();
  const interrupt = () => commands.interrupt('Interrupted.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, interrupt);
  try {
    const { repository, tarballs } = await prepareWebcounter(commands, dir, [OLD, NEW]);
    const hot = await deployHot(commands, dir, { repository, from: tarballs[OLD], to: NEW });
    process.stderr.write(`  hot: ${JSON.stringify(failures(hot.visits))} of ${hot.visits.length} failed\n`);
    const restart = await deployByRestart(commands, dir, {
      from: tarballs[OLD],
      to: tarballs[NEW],
      before: BEFORE / 1000 + 1,
    });
    process.stderr.write(`  restart: ${JSON.stringify(failures(restart.visits))}\n`);
    checkHot(hot);
    writeFileSync(picture, draw(hot, restart));
    return text(hot, restart);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupt);
  }
}

/** What a hot upgrade promises. */
function checkHot({ visits }) {
  const failed = Object.entries(failures(visits)).map(
    ([kind, count]) => `${count} requests failed (${kind})`,
  );
  const wrong = [...failed, ...miscounts(visits)];
  if (wrong.length > 0) throw new Error(`The hot upgrade was not without loss: ${wrong.join('; ')}.`);
}

function draw(hot, restart) {
  const panel = (title, { visits, changed, served }, marks) => ({
    title,
    from: -BEFORE / 1000,
    tenths: perTenth(visits, changed - BEFORE, changed + AFTER),
    marks: marks((served - changed) / 1000),
  });
  return plot('requests per 100 ms', [
    panel('Hot upgrade by the action (blue: answered, red: failed)', hot, () => [
      { at: 0, text: `${NEW} answers` },
    ]),
    panel('Restart (blue: answered, red: failed)', restart, (served) => [
      { at: 0, text: `${OLD} is stopped` },
      { at: served, text: `${NEW} answers` },
    ]),
  ]);
}

function text(hot, restart) {
  const summaries = [hot, restart].map(({ visits, changed }) =>
    summarize(visits, changed - BEFORE, changed + AFTER),
  );
  const row = (name, value) => [name, ...summaries.map(value)];
  const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  const forgotten = [hot, restart].map(({ visits }) => visitsForgotten(visits));
  const whole = (hot.visits.at(-1).done - hot.visits[0].sent) / 1000;
  return [
    table([
      [`${OLD} → ${NEW}`, 'hot upgrade', 'restart'],
      row('requests', ({ requests }) => requests),
      row('failed', ({ failed }) => failed),
      row('longest time without an answer', ({ pause }) => milliseconds(pause)),
      row('latency, median', ({ median }) => milliseconds(median)),
      row('latency, 99 %', ({ p99 }) => milliseconds(p99)),
      row('latency, highest', ({ max }) => milliseconds(max)),
      ['visits forgotten by the counter', ...forgotten],
    ]),
    `${RATE.kept} requests per second over 16 kept connections and ${RATE.fresh} over new ones, in the ${(BEFORE + AFTER) / 1000} s around the change. Over the whole run of the action (${whole.toFixed(0)} s, ${hot.visits.length} requests) ${Object.keys(failures(hot.visits)).length === 0 ? 'none failed' : 'some failed'}.`,
  ].join('\n\n');
}

/** The counts from which the counter fell back. */
function visitsForgotten(visits) {
  let [highest, forgotten] = [0, 0];
  for (const { total, forgot } of visits) {
    if (forgot) [forgotten, highest] = [forgotten + highest, 0];
    highest = Math.max(highest, total ?? 0);
  }
  return forgotten;
}
