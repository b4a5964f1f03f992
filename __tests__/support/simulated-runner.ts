import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import { bundle } from './action.js';
import { temporaryFolder } from './repository.js';

/** The stand-in services and a job's environment, set in this process until `close`. */
export interface SimulatedRunner {
  readonly services: Awaited<ReturnType<typeof startRunnerServices>>;
  /** A private folder for the test, beside RUNNER_TEMP and GITHUB_WORKSPACE. */
  readonly dir: string;
  /** Everything written to standard output so far, workflow commands included. */
  output(): string;
  close(): Promise<void>;
}

export async function simulatedRunner(): Promise<SimulatedRunner> {
  // Removed with the folder of the bundle, when all tests have ended, not when these have: after a failed upload the toolkit still
  // reads the files that it was zipping, for as long as it likes, and a missing one makes it throw where nobody can catch it.
  const dir = temporaryFolder('runner-', dirname(bundle));
  const services = await startRunnerServices({ dir: join(dir, 'services') });
  const variables = {
    ...services.env,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'octo/project',
    GITHUB_RUN_ID: '42',
    GITHUB_WORKSPACE: join(dir, 'workspace'),
    RUNNER_TEMP: join(dir, 'temp'),
  };
  mkdirSync(variables.GITHUB_WORKSPACE);
  mkdirSync(variables.RUNNER_TEMP);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  return {
    services,
    dir,
    output: () => written.join(''),
    close: async () => {
      spy.mockRestore();
      vi.unstubAllEnvs();
      await services.close();
    },
  };
}

/**
 * The toolkit and the storage client wait seconds before they try again, which no option shortens; here they try at once.
 * Other timers keep their time.
 */
export function retryAtOnce(): void {
  const original = globalThis.setTimeout;
  const hasty = (work: () => void, wait?: number, ...rest: []): NodeJS.Timeout =>
    original(work, wait !== undefined && wait >= 1000 && wait <= 25_000 ? 1 : wait, ...rest);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(hasty);
}
