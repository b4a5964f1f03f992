import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listenersOf } from '../../../src/rehearsal/scratch/listeners.js';

test('TCP, UDP and local sockets of a process, told by the system', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relup-listeners-'));
  const [tcp, local, udp] = [createServer(), createServer(), createSocket('udp6')];
  try {
    const before = (await listenersOf(process.pid)) ?? [];
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => local.listen(join(folder, 'socket'), resolve));
    await new Promise<void>((resolve) => udp.bind(0, resolve));
    const { port } = tcp.address() as AddressInfo;
    const found = (await listenersOf(process.pid)) ?? [];
    expect(found.filter((one) => !before.includes(one)).sort()).toEqual(
      [join(folder, 'socket'), `tcp ${port}`, `udp ${udp.address().port}`].sort(),
    );
  } finally {
    tcp.close();
    local.close();
    udp.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a process that is gone', async () => {
  expect(await listenersOf(2 ** 22 + 1)).toBeUndefined();
});
