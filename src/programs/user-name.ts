import { run } from './exec.js';

/** The name of a user of this machine; `user id <n>` for one without a name, as in containers. */
export async function userName(uid: number): Promise<string> {
  const { stdout } = await run('getent', ['passwd', String(uid)], {
    okCodes: [0, 2],
    timeoutSeconds: 30,
  }).catch(() => ({
    stdout: '',
  }));
  return stdout.split(':')[0] || `user id ${uid}`;
}
