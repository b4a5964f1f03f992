import { readdir, readFile, readlink } from 'node:fs/promises';

/** The state `LISTEN` of /proc/net/tcp, and the state in which every bound UDP socket is. */
const WAITING: Readonly<Record<string, string>> = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' };

/**
 * What a process listens on: `tcp 8080`, `udp 53`, or the path of a local socket. Told by the operating system, so that
 * sockets of port programs' parents, NIFs and of OTP's both socket implementations are all seen.
 *
 * @returns undefined when the system does not tell
 */
export async function listenersOf(pid: number): Promise<string[] | undefined> {
  try {
    const sockets = await socketsOf(pid);
    const found = await Promise.all([
      ...Object.keys(WAITING).map((protocol) => internet(pid, protocol, sockets)),
      local(pid, sockets),
    ]);
    return [...new Set(found.flat())].sort();
  } catch {
    return undefined;
  }
}

async function socketsOf(pid: number): Promise<Set<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

async function internet(pid: number, protocol: string, sockets: ReadonlySet<string>): Promise<string[]> {
  return (await table(pid, protocol)).flatMap((fields) => {
    const [, address = '', , state, , , , , , inode = ''] = fields;
    if (state !== WAITING[protocol] || !sockets.has(inode)) return [];
    return [`${protocol.slice(0, 3)} ${parseInt(address.split(':').at(-1) ?? '', 16)}`];
  });
}

/** Flag 00010000: the socket accepts connections. */
async function local(pid: number, sockets: ReadonlySet<string>): Promise<string[]> {
  return (await table(pid, 'unix')).flatMap(([, , , flags, , , inode = '', path]) =>
    flags === '00010000' && path !== undefined && sockets.has(inode) ? [path] : [],
  );
}

async function table(pid: number, name: string): Promise<string[][]> {
  const text = await readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/));
}
