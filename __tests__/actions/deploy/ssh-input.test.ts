import { afterEach, expect, it, vi } from 'vitest';
import { readSshInput } from '../../../src/actions/deploy/ssh-input.js';

afterEach(() => vi.unstubAllEnvs());

const KEY = '[web1]:2222 ssh-ed25519 AAAA';

it('reads where a deploy goes', () => {
  expect(readSshInput('', KEY)).toBeUndefined();
  vi.stubEnv('INPUT_DEPLOY-ROOT', '/opt/app');
  expect(readSshInput('app@web1:2222', KEY)).toEqual({
    address: { user: 'app', host: 'web1', port: 2222 },
    knownHosts: KEY,
  });
});

it.each([
  ['web1', KEY, '/opt/app', '', /The input `ssh` is "web1"/],
  ['app@-oProxyCommand=id', KEY, '/opt/app', '', /The input `ssh` is "app@-oProxyCommand=id"/],
  ['app@web1', '', '/opt/app', '', /`ssh-known-hosts` is empty/],
  ['app@web1', KEY, 'app', '', /`deploy-root` must be a whole path, and is "app"/],
  ['app@web1', KEY, '/opt/app', 'service.env', /`env-file` must be a whole path/],
])('refuses %s', (value, knownHosts, root, environment, message) => {
  vi.stubEnv('INPUT_DEPLOY-ROOT', root);
  vi.stubEnv('INPUT_ENV-FILE', environment);
  expect(() => readSshInput(value, knownHosts)).toThrow(message);
});
