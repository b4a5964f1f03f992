// What the visits of a load tell.

/** @typedef {import('./load.mjs').Visit} Visit */

/**
 * @typedef {object} Summary times in milliseconds, of the answered requests
 * @property {number} requests
 * @property {number} failed
 * @property {Record<string, number>} failures kind → number
 * @property {number} median latency
 * @property {number} p99
 * @property {number} max
 * @property {number} pause longest time without any answer
 */

/**
 * Of the visits that were sent in a stretch of time.
 * @param {readonly Visit[]} visits
 * @param {number} from
 * @param {number} to
 * @returns {Summary}
 */
export function summarize(visits, from, to) {
  const within = visits.filter(({ sent }) => sent >= from && sent < to);
  const answered = within.filter(({ failure }) => failure === undefined);
  const latencies = answered.map(({ sent, done }) => done - sent).sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? 0;
  return {
    requests: within.length,
    failed: within.length - answered.length,
    failures: failures(within),
    median: at(0.5),
    p99: at(0.99),
    max: at(1),
    pause: longestPause(
      answered.map(({ done }) => done),
      from,
      to,
    ),
  };
}

/**
 * How often each kind of failure came.
 * @param {readonly Visit[]} visits
 * @returns {Record<string, number>}
 */
export function failures(visits) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { failure } of visits) if (failure !== undefined) counts[failure] = (counts[failure] ?? 0) + 1;
  return counts;
}

/**
 * What is wrong with the counts in the answers, when nobody else visits: each visit is counted once, and none is forgotten.
 * @param {readonly Visit[]} visits all of them
 * @param {number} [counted] the count before
 * @returns {string[]}
 */
export function miscounts(visits, counted = 0) {
  const totals = visits.flatMap(({ total }) => total ?? []);
  const seen = totals.reduce((a, b) => Math.max(a, b), counted) - counted;
  const wrong = [];
  if (new Set(totals).size !== totals.length) wrong.push('a count was told twice');
  if (seen !== totals.length) wrong.push(`${totals.length} visits were answered, ${seen} counted`);
  if (visits.some(({ forgot }) => forgot)) wrong.push('a count went back');
  return wrong;
}

/**
 * Answers and failures in each tenth of a second, by when they came.
 * @param {readonly Visit[]} visits
 * @param {number} from
 * @param {number} to
 * @returns {{ answered: number, failed: number }[]}
 */
export function perTenth(visits, from, to) {
  const tenths = Array.from({ length: Math.round((to - from) / 100) }, () => ({ answered: 0, failed: 0 }));
  for (const { done, failure } of visits) {
    const tenth = tenths[Math.floor((done - from) / 100)];
    if (tenth !== undefined) tenth[failure === undefined ? 'answered' : 'failed'] += 1;
  }
  return tenths;
}

function longestPause(times, from, to) {
  const sorted = [from, ...times.filter((time) => time < to).sort((a, b) => a - b), to];
  return sorted.slice(1).reduce((longest, time, index) => Math.max(longest, time - sorted[index]), 0);
}
