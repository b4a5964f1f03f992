// A load in a thread of its own, so that nothing else keeps it from sending and from taking note of the answers.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { FleetClients } from './fleet-clients.mjs';
import { Load } from './load.mjs';

/**
 * Starts at once, and never keeps the program from ending.
 * @param {ConstructorParameters<typeof Load>[0]} options
 * @returns {{ stop: () => Promise<readonly import('./load.mjs').Visit[]> }} as `Load.stop`
 */
export function startLoad(options) {
  return startThread({ load: options });
}

/**
 * The same for the clients of a fleet.
 * @param {ConstructorParameters<typeof FleetClients>[0]} options
 * @returns {{ stop: FleetClients['stop'] }}
 */
export function startFleetClients(options) {
  return startThread({ clients: options });
}

function startThread(data) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data });
  worker.unref();
  return {
    stop: async () => {
      worker.ref();
      worker.postMessage('stop');
      const [answer] = await once(worker, 'message');
      return answer;
    },
  };
}

if (!isMainThread) {
  const { load, clients } = workerData ?? {};
  if (load !== undefined) answerWith(new Load(load));
  if (clients !== undefined) answerWith(new FleetClients(clients));
}

function answerWith(work) {
  parentPort.once('message', async () => parentPort.postMessage(await work.stop()));
}
