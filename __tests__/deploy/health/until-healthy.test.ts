import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refuseUntrusted } from '../../../src/deploy/health/check-url.js';
import { ControlLostError } from '../../../src/node/control-session.js';
import { untilHealthy, userProbe, type HealthStage } from '../../../src/deploy/health/until-healthy.js';
import { ActionError } from '../../../src/shared/errors.js';
import { isAlive } from '../../support/processes.js';
import { captureOutput } from '../../support/deploying.js';
import { temporaryFolder } from '../../support/repository.js';

let folder: string;
let server: Server | undefined;
let output: () => string;

beforeEach(() => {
  output = captureOutput();
  folder = temporaryFolder();
});

afterEach(() => {
  vi.restoreAllMocks();
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const never = (): void => undefined;

/** Runs with a clock of its own; each attempt takes `takes` seconds. */
async function verdict(
  passes: (attempt: number) => boolean,
  options: { timeout: number; soak: number },
  takes = 0,
): Promise<{ failure: string | undefined; attempts: number; seconds: number; limits: number[] }> {
  let now = 0;
  const limits: number[] = [];
  const probe = (limit: number): Promise<void> => {
    limits.push(limit);
    now += 1000 * Math.min(takes, limit);
    return passes(limits.length) ? Promise.resolve() : Promise.reject(new ActionError('it is sick'));
  };
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => Promise.resolve(void (now += milliseconds)),
  };
  const failure = await untilHealthy({ probe, options, stopIfCancelled: never, clock });
  return { failure: failure?.message, attempts: limits.length, seconds: now / 1000, limits };
}

describe('a node', () => {
  it('is healthy when it was for the whole soak', async () => {
    const { failure, seconds } = await verdict(() => true, { timeout: 60, soak: 10 });
    expect(failure).toBeUndefined();
    expect(seconds).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThan(12);
  });

  it('is tried three times at least, even without soak', async () => {
    expect(await verdict(() => true, { timeout: 60, soak: 0 })).toMatchObject({
      failure: undefined,
      attempts: 3,
    });
  });

  it('that comes up late is healthy a soak later', async () => {
    const { failure, seconds } = await verdict((attempt) => attempt > 20, { timeout: 60, soak: 10 });
    expect(failure).toBeUndefined();
    expect(seconds).toBeGreaterThanOrEqual(20);
  });

  it('that flaps is not', async () => {
    const { failure, seconds } = await verdict((attempt) => attempt % 4 !== 0, { timeout: 30, soak: 3 });
    expect(failure).toMatch(/it is sick$/);
    expect(seconds).toBeLessThanOrEqual(31);
  });

  it('that passes too early is not', async () => {
    expect((await verdict((attempt) => attempt < 4, { timeout: 30, soak: 10 })).failure).toBe('it is sick');
  });

  it('whose check hangs is not; no attempt takes more than a third of the time', async () => {
    const { failure, seconds, limits } = await verdict(() => false, { timeout: 30, soak: 0 }, 1000);
    expect(failure).toBe('it is sick');
    expect(Math.max(...limits)).toBe(10);
    expect(seconds).toBeLessThanOrEqual(31);
  });

  it.each([1, -1])('is not judged by a clock of the machine that is set by %i hour', async (hours) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const probe = () => {
        vi.setSystemTime(Date.now() + hours * 3_600_000);
        return Promise.resolve();
      };
      expect(
        await untilHealthy({ probe, options: { timeout: 30, soak: 1 }, stopIfCancelled: never }),
      ).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('is not said to be sick when a program of ours could not look at it', async () => {
    const lost = new ControlLostError('It was ended by SIGKILL.', undefined);
    await expect(
      untilHealthy({ probe: () => Promise.reject(lost), options: {}, stopIfCancelled: never }),
    ).rejects.toBe(lost);
  });

  it('is not tried any more when the job was cancelled', async () => {
    const cancelled = (): void => {
      throw new ActionError('cancelled');
    };
    const probe = vi.fn();
    await expect(untilHealthy({ probe, options: {}, stopIfCancelled: cancelled })).rejects.toThrow(
      'cancelled',
    );
    expect(probe).not.toHaveBeenCalled();
  });
});

describe('what the user has a node checked with', () => {
  const stage: HealthStage = {
    stage: 'health',
    root: '/opt/web',
    name: 'web',
    version: '2',
    upFrom: '1',
    runs: '2',
    nodeName: 'web@host',
    pid: 7,
  };
  const probe = (options: { check?: string; checkUrl?: string }) =>
    userProbe(options, stage, { cwd: folder, privateFolder: folder });

  it('is a command that is told where it is', async () => {
    // RELUP_TEST_… are the tests' own
    const check = 'env | grep ^RELUP_ | grep -v ^RELUP_TEST_ | sort > told\necho "$PWD" >> told';
    await probe({ check })(10);
    const told =
      'RELUP_NAME=web\nRELUP_NODE=web@host\nRELUP_PID=7\nRELUP_ROOT=/opt/web\nRELUP_RUNNING=2\n' +
      'RELUP_STAGE=health\nRELUP_UP_FROM=1\nRELUP_VERSION=2\n';
    expect(readFileSync(join(folder, 'told'), 'utf8')).toBe(`${told}${folder}\n`);
  });

  it.each([
    ['fails', 'echo ::set-output name=x::y; exit 3', 'failed with exit status 3'],
    ['hangs', 'echo waits; sleep 60', 'did not end within 1 seconds'],
  ])('and %s', async (_, check, text) => {
    await expect(probe({ check })(1)).rejects.toThrow(`the \`check\` command ${text}`);
    expect(output()).not.toMatch(/^::set-output/m);
  });

  it('and is judged when its shell ends; what that left in the background is ended, but not what left its group', async () => {
    const check =
      'sleep 400 & echo $! > child\nsetsid sleep 401 > /dev/null 2>&1 & echo $! > session\nsleep 0.2; echo done';
    await probe({ check })(20);
    const [child, session] = ['child', 'session'].map((file) =>
      Number(readFileSync(join(folder, file), 'utf8')),
    );
    expect(output()).toContain('done');
    await vi.waitFor(() => expect(isAlive(child as number)).toBe(false));
    expect(isAlive(session as number)).toBe(true);
    process.kill(session as number, 'SIGKILL');
  });

  it('and does not wait for a process outside of its group that holds its output', async () => {
    const check = 'setsid sleep 400 & echo $! > session; sleep 0.2';
    await probe({ check })(20);
    process.kill(Number(readFileSync(join(folder, 'session'), 'utf8')), 'SIGKILL');
  });

  it('may print 100 MB, of which little is shown and kept', async () => {
    const before = process.memoryUsage().rss;
    const lines = 'seq 6500000';
    const noLines = "head -c 50000000 /dev/zero | tr '\\0' x; echo; echo the end; exit 4";
    const error = await probe({ check: `${lines}; ${noLines}` })(60).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ActionError);
    expect((error as ActionError).message).toContain('failed with exit status 4');
    expect((error as ActionError).details).toMatch(/xxx\nthe end\n$/);
    expect((error as ActionError).details?.length).toBeLessThan(300_000);
    expect(output()).toContain('(More output of this attempt is not shown.)');
    expect(output().length).toBeLessThan(200_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });

  async function listen(made: Server, scheme = 'http'): Promise<string> {
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    return `${scheme}://127.0.0.1:${(made.address() as AddressInfo).port}/health`;
  }

  function serve(status: number): Promise<string> {
    const answering = createServer((_request, response) => {
      response.statusCode = status;
      if (status !== 0) response.end('answer');
    });
    return listen(answering);
  }

  /** Redirects to the path that the query names, which answers with its own number. */
  function redirecting(): Promise<string> {
    const answering = createServer(({ url = '' }, response) => {
      const [path, to = path] = url.split('?');
      const status = Number(path?.slice(1));
      response.writeHead(Number.isNaN(status) ? 302 : status, { location: to });
      response.end();
    });
    return listen(answering);
  }

  it('is an address that answers with success', async () => {
    await probe({ check: 'touch ran', checkUrl: await serve(204) })(10);
    expect(existsSync(join(folder, 'ran'))).toBe(true);
  });

  it.each([20, 40, 50, 100])(
    'also when a third of %i s is no whole number of milliseconds',
    async (timeout) => {
      await probe({ checkUrl: await serve(200) })(timeout / 3);
    },
  );

  it('and answers with failure', async () => {
    const checkUrl = await serve(503);
    await expect(probe({ checkUrl })(10)).rejects.toThrow(`${checkUrl} answers with status 503`);
  });

  it('and does not answer', async () => {
    const checkUrl = await serve(200);
    await new Promise((resolve) => server?.close(resolve));
    await expect(probe({ checkUrl })(10)).rejects.toThrow(
      `${checkUrl} does not answer: connect ECONNREFUSED`,
    );
  });

  it('and redirects: what counts is where that leads', async () => {
    const url = await redirecting();
    await probe({ checkUrl: `${url}?/204` })(10);
    const sick = probe({ checkUrl: `${url}?/503` })(10);
    const to = new URL('/503', url).href;
    await expect(sick).rejects.toThrow(
      `the address ${url}?/503 answers with status 503, after a redirect to ${to}`,
    );
    await expect(probe({ checkUrl: `${url}?/loop` })(10)).rejects.toThrow('does not answer: redirect');
  });

  it('and has a certificate that nobody trusts, which is told before anything is changed', async () => {
    const pem = (name: string) => join(folder, name);
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
    execFileSync('openssl', [...request, '-keyout', pem('key'), '-out', pem('cert')], { stdio: 'ignore' });
    const tls = { key: readFileSync(pem('key')), cert: readFileSync(pem('cert')) };
    const secure = createSecureServer(tls, (_request, response) => void response.end());
    const url = await listen(secure, 'https');
    const words = `the certificate of ${url}, or of where it redirects to, is not trusted (self-signed certificate)`;
    await expect(probe({ checkUrl: url })(10)).rejects.toThrow(words);
    await expect(refuseUntrusted(url)).rejects.toThrow(`The check-url cannot be used: ${words}.`);
    await refuseUntrusted('http://127.0.0.1:9/whatever-the-old-release-answers');
  });

  it('and answers too late', async () => {
    server = createServer(never);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const checkUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(probe({ checkUrl })(1)).rejects.toThrow('does not answer');
    server.closeAllConnections();
  });
});
