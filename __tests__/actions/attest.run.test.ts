import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGithubReleases, type GithubReleases } from '../../scripts/github-releases/index.mjs';
import { removeRuns, runAction } from '../support/action.js';
import { failure, folder, keep, removeKept } from '../support/failures.js';
import { helloworldRepository } from '../support/repository.js';
import { testSigstore, type TestSigstore } from '../support/sigstore.js';

let github: GithubReleases;
let sigstore: TestSigstore;
beforeAll(async () => {
  github = await startGithubReleases({ dir: folder() });
  sigstore = await testSigstore();
});
afterAll(async () => {
  await Promise.all([github.close(), sigstore.close()]);
  removeRuns();
  removeKept();
});

test('what a run attests, a deploy requires: of the workflow that is named, and of no other', async () => {
  const repository = keep(helloworldRepository());
  repository.git('checkout', '--quiet', '--detach', '0.2.0');
  const env = { ...sigstore.environment, ...github.env };
  const run = await runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', attest: 'true', rehearse: 'required', 'github-token': github.token },
    env,
  });
  expect(run.exitCode, run.log).toBe(0);
  const url = 'https://github.com/octo/project/attestations/1';
  expect(run.outputs).toMatchObject({ verdict: 'hot', 'attestation-url': url });
  expect(run.summary).toContain(`Attestation of who made them: [1](${url})`);
  expect(run.log + run.summary).not.toContain('request-token');

  const packages = dirname(run.outputs.manifest as string);
  const deploy = (workflow: string) =>
    runAction(
      {
        workspace: folder(),
        inputs: {
          ...{ package: packages, 'deploy-root': folder(), 'github-token': github.readToken },
          'verify-attestation': `octo/project/.github/workflows/${workflow}`,
          'attestation-trusted-root': sigstore.roots.github,
        },
        env: { ...env, GITHUB_EVENT_NAME: 'push' },
      },
      'deploy',
    );
  const other = await deploy('other.yml');
  expect(failure(other).message).toContain('Nobody who is trusted made helloworld-0.2.0.upgrade.tar.gz: ');
  expect(other.outputs).toMatchObject({ 'node-state': 'untouched' });
  const trusted = await deploy('release.yml');
  expect(trusted.log).toContain(
    'helloworld-0.2.0.manifest.json: attested by octo/project/.github/workflows/release.yml.',
  );
});
