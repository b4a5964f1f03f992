// Puts load on examples/webcounter, and accounts for every single request.
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Seconds after which a request has failed. */
const TIMEOUT = 5;
/** Milliseconds between two looks at which requests are due. */
const TICK = 5;

/** Milliseconds since 1970, with fractions, on a clock that never goes back and is the same in all threads. */
export const now = () => performance.timeOrigin + performance.now();

/**
 * @typedef {object} Visit one request
 * @property {number} sent on the clock of `now`
 * @property {number} done when the whole answer, or the failure, was there
 * @property {boolean} fresh over a connection of its own
 * @property {string} [failure] what went wrong, in few words
 * @property {number} [total] the count in the answer
 * @property {number} [page] the page's count, which webcounter tells from 1.1.0 on; 0 when it does not know
 * @property {boolean} [forgot] the count was not above one that had been told before this request was sent
 */

/**
 * Visits at a constant rate, whether the earlier ones have been answered or not: so a pause costs as many requests as it
 * would cost in reality.
 */
export class Load {
  /** @type {Visit[]} */
  visits = [];
  #options;
  #agent;
  #highest = 0;
  #stopped = false;
  #open = new Set();
  #work;

  /**
   * Starts at once.
   * @param {{ port: number, kept: number, fresh: number, connections?: number }} options requests per second over
   * connections that are kept, and over a new connection each; number of the kept ones
   */
  constructor({ port, kept, fresh, connections = 16 }) {
    this.#options = { port, kept, fresh };
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#work = Promise.all([this.#send(kept, false), this.#send(fresh, true)]);
  }

  /**
   * Sends no more, and waits for the answers that are missing.
   * @returns {Promise<readonly Visit[]>} in the order of their ends
   */
  async stop() {
    this.#stopped = true;
    await this.#work;
    await Promise.all(this.#open);
    this.#agent.destroy();
    return this.visits;
  }

  async #send(perSecond, fresh) {
    const start = now();
    for (let sent = 0; !this.#stopped; await wait(TICK)) {
      const due = Math.floor(((now() - start) * perSecond) / 1000);
      for (; sent < due; sent += 1) {
        const visit = this.#visit(fresh).finally(() => this.#open.delete(visit));
        this.#open.add(visit);
      }
    }
  }

  async #visit(fresh) {
    const sent = now();
    const before = this.#highest;
    const answer = await this.#ask(fresh).then(read, (error) => ({ failure: error.code ?? error.message }));
    const visit = { sent, done: now(), fresh, ...answer };
    if (visit.total !== undefined) {
      if (visit.total <= before) visit.forgot = true;
      this.#highest = visit.forgot ? visit.total : Math.max(this.#highest, visit.total);
    }
    this.visits.push(visit);
  }

  /** @returns {Promise<{ status: number, body: string }>} */
  #ask(fresh) {
    const { port } = this.#options;
    return new Promise((resolve, reject) => {
      const agent = fresh ? false : this.#agent;
      const request = get({ host: '127.0.0.1', port, path: '/visit/load', agent }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (data) => (body += data));
        response.once('end', () => resolve({ status: response.statusCode, body }));
        response.once('error', reject);
      });
      request.once('error', reject);
      const deadline = setTimeout(() => request.destroy(new Error('timeout')), 1000 * TIMEOUT);
      request.once('close', () => clearTimeout(deadline));
    });
  }
}

/** What an answer says, or why it is none. */
function read({ status, body }) {
  if (status !== 200) return { failure: `status ${status}` };
  const [, total, page] = /^\{"total":([1-9]\d*)(?:,"page":(\d+))?\}\n$/.exec(body) ?? [];
  if (total === undefined) return { failure: 'wrong body' };
  return { total: Number(total), ...(page === undefined ? {} : { page: Number(page) }) };
}
