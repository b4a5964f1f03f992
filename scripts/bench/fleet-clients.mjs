// Clients that each keep one connection to a fleet, and ask over it now and then; what is lost is counted.
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { now } from './load.mjs';

/** Seconds after which a request has failed. */
const TIMEOUT = 10;

/** Milliseconds after which a client at the latest sees that its connection ended, and connects again. */
const LOOK = 250;

/**
 * As a `Load`, over many connections: each client sends a request every so often, over its own, and connects again when that ends.
 * A request that is under way then has failed.
 */
export class FleetClients {
  /** @type {import('./load.mjs').Visit[]} */
  visits = [];
  /** @type {number[]} When a connection ended that nobody had closed, on the clock of `now`. */
  dropped = [];
  #port;
  #every;
  #stopped = false;
  #work;

  /**
   * Starts at once.
   * @param {{ port: number, clients: number, every: number }} options `every`: seconds between two requests of a client
   */
  constructor({ port, clients, every }) {
    this.#port = port;
    this.#every = 1000 * every;
    const each = Array.from({ length: clients }, (_, index) => this.#client((index * this.#every) / clients));
    this.#work = Promise.all(each);
  }

  /** Sends no more, and waits for the answers that are missing. */
  async stop() {
    this.#stopped = true;
    await this.#work;
    return { visits: this.visits, dropped: this.dropped };
  }

  /** @param {number} delay milliseconds, so that not all clients ask at the same moment */
  async #client(delay) {
    const begun = now();
    let connection = this.#connect();
    // A connection is kept, and made anew, also between two requests.
    const until = async (due) => {
      while (!this.#stopped && now() < due) {
        await wait(Math.max(1, Math.min(LOOK, due - now())));
        if (connection.ended) connection = this.#connect();
      }
    };
    for (let turn = 0; !this.#stopped; turn += 1) {
      await until(begun + delay + turn * this.#every);
      if (this.#stopped) break;
      if (connection.ended) connection = this.#connect();
      const sent = now();
      const answer = await connection.ask();
      this.visits.push({ sent, done: now(), fresh: false, ...answer });
    }
    connection.close();
  }

  #connect() {
    return new Connection(this.#port, () => {
      if (!this.#stopped) this.dropped.push(now());
    });
  }
}

class Connection {
  ended = false;
  #socket;
  #text = '';
  /** @type {((answer: object) => void) | undefined} */
  #answered;

  constructor(port, dropped) {
    this.#socket = connect(port, '127.0.0.1').setEncoding('utf8').setNoDelay(true);
    let connected = false;
    let code = 'closed';
    this.#socket.once('connect', () => (connected = true));
    this.#socket.on('error', (error) => (code = error.code ?? error.message));
    this.#socket.on('data', (data) => this.#take(data));
    this.#socket.once('close', () => {
      if (connected && !this.ended) dropped();
      this.ended = true;
      this.#tell({ failure: code });
    });
  }

  /** @returns {Promise<{ total?: number, page?: number, failure?: string }>} */
  ask() {
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#tell({ failure: 'timeout' });
        this.close();
      }, 1000 * TIMEOUT);
      this.#answered = (answer) => {
        clearTimeout(deadline);
        resolve(answer);
      };
      if (this.ended) return this.#tell({ failure: 'closed' });
      this.#socket.write('GET /visit/load HTTP/1.1\r\nHost: fleet\r\n\r\n');
    });
  }

  close() {
    this.ended = true;
    this.#socket.destroy();
  }

  #take(data) {
    this.#text += data;
    const [head, body = ''] = this.#text.split('\r\n\r\n', 2);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (!this.#text.includes('\r\n\r\n') || body.length < length) return;
    this.#text = '';
    const [, total, page] = /^\{"total":([1-9]\d*)(?:,"page":(\d+))?\}\n$/.exec(body) ?? [];
    if (!head.startsWith('HTTP/1.1 200')) return this.#tell({ failure: `status ${head.slice(9, 12)}` });
    if (total === undefined) return this.#tell({ failure: 'wrong body' });
    this.#tell({ total: Number(total), ...(page === undefined ? {} : { page: Number(page) }) });
  }

  #tell(answer) {
    const answered = this.#answered;
    this.#answered = undefined;
    answered?.(answer);
  }
}
