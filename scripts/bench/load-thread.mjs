// A load in a thread of its own, so that nothing else keeps it from sending and from taking note of the answers.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Load } from './load.mjs';

/**
 * Starts at once, and never keeps the program from ending.
 * @param {ConstructorParameters<typeof Load>[0]} options
 * @returns {{ stop: () => Promise<readonly import('./load.mjs').Visit[]> }} as `Load.stop`
 */
export function startLoad(options) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { load: options } });
  worker.unref();
  return {
    stop: async () => {
      worker.ref();
      worker.postMessage('stop');
      const [visits] = await once(worker, 'message');
      return visits;
    },
  };
}

if (!isMainThread && workerData?.load !== undefined) {
  const load = new Load(workerData.load);
  parentPort.once('message', async () => parentPort.postMessage(await load.stop()));
}
