import { readFile, readlink } from 'node:fs/promises';
import type { ProcessIdentity } from '../model/deploy.js';

/** Undefined when there is no such process. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // Field 22; the command in field 2 may hold spaces and parentheses, so counting starts after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z') return undefined;
  return { pid, started: fields[19] ?? '', boot: await bootId(), namespace: await namespace() };
}

/** Whether both are there and the same one, not another with the same id. */
export function isSameProcess(
  one: ProcessIdentity | null | undefined,
  other: ProcessIdentity | null | undefined,
): boolean {
  return (
    one != null &&
    other != null &&
    one.pid === other.pid &&
    one.started === other.started &&
    one.boot === other.boot
  );
}

/** `unknown`: it was started in another namespace, where we cannot look. */
export async function whetherRuns(identity: ProcessIdentity): Promise<'runs' | 'gone' | 'unknown'> {
  if (identity.boot !== (await bootId())) return 'gone';
  if (identity.namespace !== (await namespace())) return 'unknown';
  return (await identityOf(identity.pid))?.started === identity.started ? 'runs' : 'gone';
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')).trim();
}

function namespace(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => '');
}
