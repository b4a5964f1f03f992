import { context } from '@actions/github';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { attestFiles, requireAttesting } from '../../src/published/attest.js';
import { verifyAttestations, type AttestationOptions } from '../../src/published/verify-attestation.js';
import { ActionError } from '../../src/shared/errors.js';
import { sha256File } from '../../src/shared/sha256.js';
import { madeFiles, testGithub, type TestGithub } from '../support/github-releases.js';
import { claimsOf, testSigstore, type TestSigstore } from '../support/sigstore.js';

const RELEASE = 'octo/project/.github/workflows/release.yml';

let github: TestGithub;
let sigstore: TestSigstore;
let files: string[];
// The libraries keep the connection to their proxy, so it is one for all tests.
beforeAll(async () => {
  sigstore = await testSigstore();
});
afterAll(() => sigstore.close());
beforeEach(async () => {
  github = await testGithub();
  sigstore.setEnvironment();
  Object.assign(sigstore.claims, claimsOf('octo/project'));
  files = madeFiles(join(github.dir, 'made'));
});
afterEach(() => github.close());

const verify = (changes: Partial<AttestationOptions> = {}): Promise<void> =>
  verifyAttestations(files, {
    ...{ token: github.readToken, workflow: undefined, trustedRoot: sigstore.roots.github },
    workFolder: github.dir,
    ...changes,
  });

async function refusal(work: Promise<unknown>): Promise<ActionError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).message).toMatch(/^[A-Z][^\n]*\.$/);
  return error as ActionError;
}

describe('in a private repository, by GitHub’s own instance of Sigstore', () => {
  it('signs all files in one attestation, which counts for each of them', async () => {
    const { id, url } = await attestFiles(github.token, files);
    expect(url).toBe(`https://github.com/octo/project/attestations/${id}`);
    expect(github.releases.attestations).toHaveLength(1);
    await verify();
    await verify({ workflow: RELEASE });
  });

  it('does not count for a file that was changed since', async () => {
    await attestFiles(github.token, files);
    const [first = ''] = files;
    writeFileSync(first, 'something else');
    const { message } = await refusal(verify());
    expect(message).toBe(
      `Nobody who is trusted made ${basename(first)}: octo/project has no attestation for it.`,
    );
  });

  it('does not count when another workflow, or another repository, made the files', async () => {
    Object.assign(sigstore.claims, claimsOf('octo/project', 'other.yml'));
    await attestFiles(github.token, files);
    await verify();
    expect((await refusal(verify({ workflow: RELEASE }))).message).toContain('workflows/other.yml@');
    github.releases.attestations.length = 0;
    Object.assign(sigstore.claims, claimsOf('mallory/project'));
    await attestFiles(github.token, files);
    expect((await refusal(verify())).message).toContain('invalid certificate extension');
  });

  it('does not count when it is signed by somebody else, or about something else', async () => {
    await attestFiles(github.token, files);
    expect((await refusal(verify({ trustedRoot: sigstore.roots.public }))).message).toMatch(
      /^Nobody who is trusted made app-1\.0\.0\.tar\.gz: /,
    );
    const [kept] = github.releases.attestations;
    if (kept === undefined) expect.fail('nothing is kept');
    const [first = ''] = files;
    writeFileSync(first, 'exchanged');
    kept.digests.push(await sha256File(first));
    expect((await refusal(verify())).message).toContain('it is about other files');
  });
});

describe('in a public repository, by Sigstore’s public instance', () => {
  it('signs, enters it in the log, and counts', async () => {
    const event = vi.spyOn(context, 'payload', 'get').mockReturnValue({
      repository: { name: 'project', owner: { login: 'octo' }, visibility: 'public' },
    });
    await attestFiles(github.token, files);
    event.mockRestore();
    await verify({ trustedRoot: sigstore.roots.public });
    expect((await refusal(verify())).message).toContain('Nobody who is trusted');
  });
});

describe('what is missing is said', () => {
  it('the permission for an identity token, before anything is built', () => {
    expect(() => requireAttesting(github.token, process.env)).not.toThrow();
    const env = { ...process.env, ACTIONS_ID_TOKEN_REQUEST_URL: undefined };
    expect(() => requireAttesting(github.token, env)).toThrow(/gets no identity token/);
  });

  it('the permission to keep attestations', async () => {
    const { message, remedy } = await refusal(attestFiles(github.readToken, files));
    expect(message).toMatch(/^The attestation of the packages could not be handed over: GitHub refuses/);
    expect(remedy).toContain('attestations: write');
  });

  it('a connection to Sigstore, or a file in its place', async () => {
    await attestFiles(github.token, files);
    expect((await refusal(verify({ trustedRoot: undefined }))).remedy).toContain('attestation-trusted-root');
    expect((await refusal(verify({ trustedRoot: files[0] }))).remedy).toContain(
      'gh attestation trusted-root',
    );
  });
});
