// An installed release and the node that runs from it.
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { join } from 'node:path';
import { DemoError } from './commands.mjs';
import { endProcessesFrom, processesFrom } from './processes.mjs';

/**
 * @typedef {object} Service what is installed
 * @property {string} name release name
 * @property {Record<string, string>} environment added to the service's environment
 * @property {(release: InstalledRelease) => Promise<boolean>} isUp
 */

/** @type {Service} */
const helloworld = {
  name: 'helloworld',
  environment: {},
  isUp: async (release) => (await release.ask('helloworld:calls().')) === '0',
};

/** @typedef {{ pid: string, startedAt: number, calls: number, versions: Record<string, string> }} NodeFacts */

const START_TIME =
  'erlang:convert_time_unit(erlang:system_info(start_time) + erlang:time_offset(), native, millisecond).';

export class InstalledRelease {
  #commands;
  #environment;
  #service;

  /**
   * @param {import('./commands.mjs').Commands} commands
   * @param {string} folder where the release goes, below `installed`, with what its node writes beside it
   * @param {number} epmdPort
   * @param {Service} [service]
   */
  constructor(commands, folder, epmdPort, service = helloworld) {
    this.root = join(folder, 'installed');
    this.epmdPort = epmdPort;
    this.#commands = commands;
    this.#service = service;
    // The service's environment. A private epmd sees no other nodes, and can be ended without harm to them.
    this.#environment = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: join(folder, 'home'),
      PIPE_DIR: `${join(folder, 'pipes')}/`,
      ERL_EPMD_PORT: String(epmdPort),
      ...service.environment,
    };
  }

  get script() {
    return join(this.root, 'bin', this.#service.name);
  }

  /** @param {string} tarball */
  async install(tarball) {
    await mkdir(this.root);
    await mkdir(this.#environment.HOME);
    await this.#commands.run('tar', ['-xzf', tarball, '-C', this.root]);
  }

  /** Starts the node in the background, and waits until the application answers. */
  async start() {
    const erts = (await readdir(this.root)).find((name) => name.startsWith('erts-'));
    if (erts === undefined) throw new DemoError(`${this.root} holds no emulator (erts-…).`);
    const port = String(this.epmdPort);
    this.#commands.startInBackground(join(this.root, erts, 'bin/epmd'), [
      '-port',
      port,
      '-address',
      '127.0.0.1',
    ]);
    await this.#commands.until('epmd answers', () => isListening(this.epmdPort));
    await this.#run('daemon');
    await this.#commands.until('The node answers', () => this.#service.isUp(this));
  }

  /**
   * Evaluates an expression on the node, with the release's own script.
   * @param {string} expression
   * @returns {Promise<string>} the answer as an Erlang term; an exception is one, too
   */
  async ask(expression) {
    const { output } = await this.#commands.attempt(this.script, ['eval', expression], this.#options());
    return output.trim();
  }

  /** Of helloworld. @returns {Promise<NodeFacts>} */
  async facts() {
    const [pid, startedAt, calls] = [
      await this.ask('list_to_integer(os:getpid()).'),
      await this.ask(START_TIME),
      await this.ask('helloworld:calls().'),
    ];
    return { pid, startedAt: Number(startedAt), calls: Number(calls), versions: await this.versions() };
  }

  /** What release_handler reports of each installed release: release version → status. */
  async versions() {
    const lines = (await this.#run('versions')).split('\n');
    return Object.fromEntries(
      lines.flatMap((line) => [/^\* (\S+)\s+(\w+)$/.exec(line)?.slice(1, 3) ?? []].filter(isPair)),
    );
  }

  /** The release version that the next start boots: by the start script, and by release_handler's record. */
  async nextVersions() {
    const script = await readFile(this.script, 'utf8');
    const data = await readFile(join(this.root, 'releases/start_erl.data'), 'utf8');
    return [/^REL_VSN="([^"]*)"$/m.exec(script)?.[1], data.trim().split(' ')[1]];
  }

  /** The process id of the node's epmd. */
  epmdPid() {
    return processesFrom(this.root).find(({ program }) => program.endsWith('/epmd'))?.pid;
  }

  /** Ends the node, its epmd and whatever else was started from the installed release. */
  async stop() {
    const left = await endProcessesFrom(this.root);
    if (left.length > 0) throw new DemoError(`Processes ${left.join(', ')} of the node could not be ended.`);
  }

  /** @param {string} command */
  #run(command) {
    return this.#commands.run(this.script, [command], this.#options());
  }

  #options() {
    return { cwd: this.root, env: this.#environment };
  }
}

/** @param {readonly string[]} pair */
function isPair(pair) {
  return pair.length === 2;
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', (failed) => resolve(!failed));
  });
}
