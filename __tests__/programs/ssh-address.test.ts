import { expect, it } from 'vitest';
import { parseSshAddress, sshAddressText } from '../../src/programs/ssh-address.js';

it.each([
  ['app@web1', { user: 'app', host: 'web1', port: 22 }, 'app@web1'],
  [
    'ssh://deploy_1@web1.example.org:2222',
    { user: 'deploy_1', host: 'web1.example.org', port: 2222 },
    undefined,
  ],
  ['app@10.0.0.7:22', { user: 'app', host: '10.0.0.7', port: 22 }, 'app@10.0.0.7'],
  ['app@[fe80::1]:2222', { user: 'app', host: 'fe80::1', port: 2222 }, 'app@[fe80::1]:2222'],
])('%s is an address', (text, address, shown) => {
  const found = parseSshAddress(text);
  expect(found).toEqual(address);
  expect(sshAddressText(address)).toBe(shown ?? text.replace('ssh://', ''));
});

it.each([
  ...[
    'web1',
    'app@',
    '@web1',
    'app@-oProxyCommand=x',
    '-l@web1',
    'app@web1:0',
    'app@web1:65536',
    'app@web1:22x',
  ],
  ...[
    'app@web1 ls',
    'app@web1;ls',
    'app@fe80::1',
    'app@[web1]',
    'http://app@web1',
    'app@web1/opt',
    ' app@web1',
    '',
  ],
])('"%s" is none', (text) => {
  expect(parseSshAddress(text)).toBeUndefined();
});
