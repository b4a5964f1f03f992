import { afterEach, beforeEach, expect, test } from 'vitest';
import { readInputs } from '../../src/actions/relup/relup-inputs.js';
import { BadInputError } from '../../src/shared/errors.js';

const before = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('INPUT_')) delete process.env[name];
});
afterEach(() => {
  process.env = { ...before };
});

function read(inputs: Readonly<Record<string, string>> = {}) {
  for (const [name, value] of Object.entries(inputs)) process.env[`INPUT_${name.toUpperCase()}`] = value;
  return readInputs();
}

test('no inputs at all are the defaults', () => {
  expect(read()).toEqual({
    mode: 'release',
    workingDirectory: '.',
    profile: 'prod',
    release: undefined,
    upgradeFrom: ['auto'],
    tagPattern: ['v*', '[0-9]*'],
    prepare: '',
    appups: 'generate',
    purge: 'brutal',
    allowRestart: false,
    rehearse: 'true',
    check: '',
    rehearseTimeout: 300,
    nodeName: 'random',
    rehearseCluster: false,
    upload: true,
    artifactName: undefined,
    retentionDays: undefined,
    overwrite: false,
    publish: 'none',
    attest: false,
    githubToken: '',
    cache: 'auto',
    deploy: undefined,
  });
});

test('lists are separated by lines or commas', () => {
  expect(read({ 'upgrade-from': 'v1\n v2 ,old.tar.gz\n\n' }).upgradeFrom).toEqual(['v1', 'v2', 'old.tar.gz']);
});

test('a prepare command stays as it was written', () => {
  expect(read({ prepare: '  make\n\tassets\n' }).prepare).toBe('  make\n\tassets\n');
});

test('several profiles are possible', () => {
  expect(read({ profile: 'prod,linux' }).profile).toBe('prod,linux');
});

test.each([
  ['profile', 'prod;id', /`profile` is "prod;id"/],
  ['profile', '--help', /`profile`/],
  ['release', '../x', /`release` is "..\/x"/],
  ['upload', 'yes', /`upload` is "yes"/],
  ['overwrite', '1', /`overwrite` is "1"/],
  ['retention-days', '0', /`retention-days` is "0"/],
  ['retention-days', '7d', /`retention-days` is "7d"/],
  ['retention-days', '1e2', /`retention-days` is "1e2"/],
  ['mode', 'pull-request', /`mode` is "pull-request"/],
  ['appups', 'generated', /`appups` is "generated"/],
  ['purge', 'hard', /`purge` is "hard"/],
  ['rehearse', 'yes', /`rehearse` is "yes"/],
  ['rehearse-timeout', '5 minutes', /`rehearse-timeout` is "5 minutes"/],
  ['rehearse-timeout', '0', /`rehearse-timeout` is "0"/],
  ['node-name', 'mine', /`node-name` is "mine"/],
  ['cache', 'true', /`cache` is "true"/],
  ['deploy', 'true', /The input `deploy-root` is empty/],
])('%s: %s is refused in one sentence with a remedy', (name, value, message) => {
  let error: unknown;
  try {
    read({ [name]: value });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(BadInputError);
  expect((error as BadInputError).message).toMatch(message);
  expect((error as BadInputError).remedy).toMatch(/^(Write|Set) /);
});

test('a check uploads nothing, and deploys nothing', () => {
  expect(read({ mode: 'check', upload: 'true' })).toMatchObject({ mode: 'check', upload: false });
  expect(() => read({ mode: 'check', deploy: 'true' })).toThrow('`mode: check` makes none');
});

test('a deploy without a rehearsal is refused before anything is built', () => {
  expect(() => read({ deploy: 'true', rehearse: 'false' })).toThrow(
    '`deploy: true` needs a proven upgrade, and `rehearse: false` proves none.',
  );
});

test('two connected nodes need a rehearsal, and names of their own', () => {
  expect(read({ 'rehearse-cluster': 'true' }).rehearseCluster).toBe(true);
  expect(() => read({ 'rehearse-cluster': 'true', rehearse: 'false' })).toThrow(
    '`rehearse: false` makes none',
  );
});

test('with node-name: keep both would have the same', () => {
  expect(() => read({ 'rehearse-cluster': 'true', 'node-name': 'keep' })).toThrow(
    '`node-name: keep` gives both the same.',
  );
});
