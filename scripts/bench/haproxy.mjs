// haproxy (Debian's) as a balancer of connections, steered through its runtime API.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

const PROGRAM = '/usr/sbin/haproxy';

/** Installs it, unless it is there. */
export function installHaproxy() {
  if (existsSync(PROGRAM)) return;
  process.stderr.write('  installing haproxy (apt-get install haproxy)…\n');
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  // The package starts a service of its own, unless it is told not to.
  const policy =
    'test -e /usr/sbin/policy-rc.d || { printf "#!/bin/sh\\nexit 101\\n" >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; trap "rm /usr/sbin/policy-rc.d" EXIT; }';
  const script = `${policy}; apt-get -o DPkg::Lock::Timeout=600 update || true; DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=600 install --no-install-recommends haproxy`;
  const [program, ...args] = [...root, 'sh', '-c', script];
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get could not install haproxy:\n${stdout}${stderr}`);
}

/**
 * Starts it in front of servers on loopback. It passes connections on as they are (mode tcp), so that one of a client's is one of a
 * server's.
 * @param {string} folder for its configuration and its socket
 * @param {number} port
 * @param {readonly number[]} servers their ports; they are called n1, n2, …
 */
export async function startHaproxy(folder, port, servers) {
  const socket = join(folder, 'haproxy.sock');
  const file = join(folder, 'haproxy.cfg');
  const lines = servers.map((one, index) => `  server n${index + 1} 127.0.0.1:${one} check inter 500ms`);
  await writeFile(
    file,
    `global
  stats socket ${socket} mode 600 level admin
  maxconn 8000
defaults
  mode tcp
  timeout connect 5s
  timeout client 120s
  timeout server 120s
  retries 3
  option redispatch
frontend clients
  bind 127.0.0.1:${port}
  default_backend nodes
backend nodes
  balance leastconn
${lines.join('\n')}
`,
  );
  const log = openSync(join(folder, 'haproxy.log'), 'w');
  const child = spawn(PROGRAM, ['-db', '-f', file], { stdio: ['ignore', log, log] });
  const ended = once(child, 'exit');
  return {
    /** @param {number} server from 1 @param {'drain' | 'ready'} state */
    set: (server, state) => command(socket, `set server nodes/n${server} state ${state}`),
    end: async () => {
      child.kill('SIGTERM');
      await ended;
      closeSync(log);
    },
  };
}

/** A command of the runtime API. @returns {Promise<string>} its answer */
async function command(path, line) {
  const socket = connect(path);
  socket.end(`${line}\n`);
  let answer = '';
  for await (const data of socket.setEncoding('utf8')) answer += data;
  if (answer.trim() !== '') throw new Error(`haproxy: ${line}: ${answer.trim()}`);
  return answer;
}
