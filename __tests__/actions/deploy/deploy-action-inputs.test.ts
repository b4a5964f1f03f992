import { afterEach, describe, expect, it, vi } from 'vitest';
import { readInputs, type DeployActionInputs } from '../../../src/actions/deploy/deploy-action-inputs.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function inputs(values: Readonly<Record<string, string>>): DeployActionInputs {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const [name, value] of Object.entries({ 'deploy-root': '/opt/app', ...values }))
    vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  return readInputs();
}

const defaults = {
  allowRestart: false,
  commands: { before: '', after: '', start: '', stop: '' },
  health: { check: '', checkUrl: '', timeout: 60, soak: 10 },
  onFailure: 'downgrade',
  onCrash: 'fail',
  dryRun: false,
  keepReleases: 3,
};

it('reads everything', () => {
  expect(inputs({})).toEqual({
    version: undefined,
    package: { artifactName: undefined, artifactDigest: undefined, otherRun: undefined },
    attestation: undefined,
    node: { deployRoot: '/opt/app', runAs: undefined, envFile: undefined, ...defaults },
  });
  const digest = 'aB'.repeat(32);
  const values = {
    'artifact-name': 'a-relup',
    'artifact-digest': `sha256:${digest}`,
    'run-id': '17',
    'github-token': 't',
  };
  expect(inputs({ ...values, 'run-as': 'app_user.1', 'env-file': '/etc/default/app' })).toEqual({
    version: undefined,
    package: {
      artifactName: 'a-relup',
      artifactDigest: digest.toLowerCase(),
      otherRun: { runId: 17, token: 't' },
    },
    attestation: undefined,
    node: { deployRoot: '/opt/app', runAs: 'app_user.1', envFile: '/etc/default/app', ...defaults },
  });
});

it('reads how the node is found healthy, and what else a deploy does', () => {
  const { node } = inputs({
    check: ' a\nb ',
    'check-url': 'https://localhost:1/health',
    'health-timeout': '5m',
    soak: '90s',
    'on-failure': 'leave',
    'on-crash': 'warn',
    'dry-run': 'True',
    'keep-releases': '1',
  });
  expect(node).toMatchObject({
    health: { check: ' a\nb ', checkUrl: 'https://localhost:1/health', timeout: 300, soak: 90 },
    onFailure: 'leave',
    onCrash: 'warn',
    dryRun: true,
    keepReleases: 1,
  });
});

it('reads the commands as they are written, and whether the node may be restarted', () => {
  const values = {
    before: ' drain\nmigrate ',
    after: 'undrain',
    'start-command': 'sudo systemctl start app',
    'stop-command': 'sudo systemctl stop app',
    'allow-restart': 'true',
  };
  expect(inputs(values).node).toMatchObject({
    allowRestart: true,
    commands: {
      before: ' drain\nmigrate ',
      after: 'undrain',
      start: 'sudo systemctl start app',
      stop: 'sudo systemctl stop app',
    },
  });
});

it('needs no package for an installed version, and takes one that is named', () => {
  expect(inputs({ version: '1.0.4' })).toMatchObject({ version: '1.0.4', package: undefined });
  expect(inputs({ version: 'previous', package: 'out' })).toMatchObject({
    version: 'previous',
    package: { path: 'out' },
  });
});

it('takes a path instead of an artifact, also beside a token that is always given', () => {
  expect(inputs({ package: 'out', 'github-token': 't' }).package).toEqual({ path: 'out' });
});

it('masks the token before anything else', () => {
  inputs({ 'github-token': 'secret-token' });
  expect(vi.mocked(process.stdout).write.mock.calls.join('')).toContain('::add-mask::secret-token');
});

describe('refuses', () => {
  it.each([
    [{ 'deploy-root': '' }, /`deploy-root` is empty/],
    [{ 'check-url': 'file:///etc/passwd' }, /`check-url` is "file/],
    [{ 'check-url': 'localhost' }, /`check-url` is "localhost"/],
    [{ 'health-timeout': '1 minute' }, /`health-timeout` is "1 minute"/],
    [{ soak: '25h' }, /`soak` is "25h"/],
    [{ soak: '60s' }, /`soak` \(60 s\) is not shorter than `health-timeout` \(60 s\)/],
    [{ 'on-failure': 'rollback' }, /`on-failure` is "rollback"/],
    [{ 'allow-restart': 'maybe' }, /`allow-restart` is "maybe"/],
    [{ version: '../1' }, /`version` is "..\/1", which is not a release version/],
    [{ 'dry-run': 'maybe' }, /`dry-run` is "maybe"/],
    [{ 'keep-releases': '0' }, /`keep-releases` is "0"/],
    [{ 'run-as': '#0' }, /`run-as` is "#0"/],
    [{ 'run-as': '-i' }, /`run-as` is "-i"/],
    [{ 'run-as': 'a b' }, /`run-as` is "a b"/],
    [{ 'artifact-digest': 'abc' }, /`artifact-digest` is "abc"/],
    [{ 'run-id': '0', 'github-token': 't' }, /`run-id` is "0"/],
    [{ 'run-id': '1e3', 'github-token': 't' }, /`run-id` is "1e3"/],
    [{ 'run-id': '9007199254740993', 'github-token': 't' }, /`run-id` is "9007199254740993"/],
    [{ 'run-id': '17' }, /`github-token` is empty/],
    [{ package: 'out', 'artifact-name': 'a' }, /`package` is set, and so is one that names an artifact/],
    [{ package: 'out', 'run-id': '17', 'github-token': 't' }, /`package` is set/],
  ])('%j', (values, message) => {
    expect(() => inputs(values)).toThrow(message);
  });
});

it('reads who must have made the package', () => {
  const token = { 'github-token': 't' };
  const workflow = 'octo/app/.github/workflows/release.yml';
  expect(inputs({ ...token, 'verify-attestation': 'true' }).attestation).toEqual({
    ...{ token: 't', workflow: undefined, trustedRoot: undefined },
  });
  const given = { 'verify-attestation': workflow, 'attestation-trusted-root': '/etc/roots.jsonl' };
  expect(inputs({ ...token, ...given }).attestation).toEqual({
    ...{ token: 't', workflow, trustedRoot: '/etc/roots.jsonl' },
  });
  expect(() => inputs({ ...token, 'verify-attestation': 'release.yml' })).toThrow(
    'The input `verify-attestation` is "release.yml".',
  );
  expect(() => inputs({ 'verify-attestation': 'true', 'github-token': '' })).toThrow(
    '`github-token` is empty',
  );
});
