import { expect, it } from 'vitest';
import { sshFailure } from '../../src/programs/ssh-failure.js';

const address = { user: 'app', host: 'web1', port: 2222 };

// As OpenSSH prints them.
it.each([
  [
    'No ED25519 host key is known for [web1]:2222 and you have requested strict checking.\nHost key verification failed.',
    'ssh-known-hosts names no key for web1, port 2222',
  ],
  [
    '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.',
    'The machine that answers as web1, port 2222, has another host key',
  ],
  ['app@web1: Permission denied (publickey).', 'web1 lets app in with none of the keys of the ssh agent.'],
  [
    'ssh: connect to host web1 port 2222: Connection refused\r',
    'app@web1:2222 cannot be reached from this runner: connect to host web1 port 2222: Connection refused.',
  ],
  [
    'ssh: Could not resolve hostname web1: Name or service not known',
    'app@web1:2222 cannot be reached from this runner: Could not resolve hostname web1: Name or service not known.',
  ],
])('%j is told in words', (printed, message) => {
  const failure = sshFailure(address, printed);
  expect(failure?.message).toContain(message);
  expect(failure?.details).toBe(printed);
});

it.each(['', 'Connection to web1 closed by remote host.', 'Timeout, server web1 not responding.'])(
  'after %j there may have been a connection',
  (printed) => {
    expect(sshFailure(address, printed)).toBeUndefined();
  },
);
