import { createServer, connect } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ActionError, errorMessage } from '../../shared/errors.js';
import { run } from '../../programs/exec.js';
import { endProcessesBelow } from '../../programs/processes.js';

/**
 * An epmd for scratch nodes alone, on a port of its own: a node that finds none starts one that stays for ever, and one that
 * is shared with the machine's other nodes lets names clash.
 */
export interface PrivateEpmd {
  readonly port: number;
  /** Ends it by its process id. */
  stop(): void;
}

const ATTEMPTS = 5;

/**
 * @param program an epmd of the release's own, or the one on the PATH
 * @param folder a private folder; epmd works in it, so that what ends processes there also ends epmd
 * @param lifetimeSeconds after which it ends by itself, whatever happens to this process
 * @param everywhere whether nodes with other names than the loopback's must be found
 */
export async function startEpmd({
  program,
  folder,
  lifetimeSeconds,
  everywhere,
}: {
  readonly program: string;
  readonly folder: string;
  readonly lifetimeSeconds: number;
  readonly everywhere: boolean;
}): Promise<PrivateEpmd> {
  const cwd = join(folder, 'epmd');
  await mkdir(cwd, { recursive: true, mode: 0o700 });
  const address = everywhere ? [] : ['-address', '127.0.0.1'];
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = await freePort();
    const ended = run(program, ['-port', String(port), ...address], {
      cwd,
      env: { ERL_EPMD_ADDRESS: undefined, ERL_EPMD_PORT: undefined },
      timeoutSeconds: lifetimeSeconds,
    }).then(
      () => new ActionError('it ended'),
      (error: unknown) => error,
    );
    failure = await Promise.race([ended, answers(port)]);
    if (failure === undefined) return { port, stop: () => endProcessesBelow(cwd) };
    endProcessesBelow(cwd);
  }
  throw new ActionError(`epmd could not be started for the rehearsal: ${errorMessage(failure)}`, {
    remedy: 'Use an Erlang/OTP installation with epmd, as erlef/setup-beam installs it.',
  });
}

/** A port that nobody uses now; if somebody takes it meanwhile, epmd fails, and the next one is tried. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

async function answers(port: number): Promise<Error | undefined> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    if (await accepts(port)) return undefined;
    await setTimeout(20);
  }
  return new ActionError('it accepts no connections.');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
