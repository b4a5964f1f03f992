import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { uploadArtifact, type ArtifactOptions, type UploadedArtifact } from '../../src/artifact/upload.js';
import { ActionError } from '../../src/shared/errors.js';
import { retryAtOnce, simulatedRunner, type SimulatedRunner } from '../support/simulated-runner.js';
import { unzip } from '../support/zip.js';

/** Opens and closes a zip's entry; an unpacker that trusts the first such bytes would cut the file there. */
const ZIP_SIGNATURES = Buffer.from('PK\u0003\u0004PK\u0007\u0008PK\u0001\u0002', 'latin1');

let runner: SimulatedRunner;
let root: string;

beforeEach(async () => {
  runner = await simulatedRunner();
  root = join(runner.dir, 'out');
  retryAtOnce();
});

afterEach(async () => {
  await runner.close();
  vi.restoreAllMocks();
});

/** The files of a release: a tarball, its manifest, and a report that differs with every run. */
function releaseFiles(
  manifest = '{"version":"0.2.0"}',
): Required<Pick<ArtifactOptions, 'rootDir' | 'files' | 'manifest'>> {
  const contents = {
    'hello-0.2.0.tar.gz': Buffer.concat([randomBytes(9_000_000), ZIP_SIGNATURES, Buffer.alloc(3_000_000)]),
    'manifest.json': manifest,
    'logs/report.json': `{"at":"${randomBytes(8).toString('hex')}"}`,
  };
  for (const [name, content] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  const files = Object.keys(contents).map((name) => join(root, name));
  return { rootDir: root, files, manifest: join(root, 'manifest.json') };
}

function upload(changes: Partial<ArtifactOptions> = {}, manifest?: string): Promise<UploadedArtifact> {
  return uploadArtifact({
    name: 'hello-relup',
    overwrite: false,
    workFolder: temp(),
    ...releaseFiles(manifest),
    ...changes,
  });
}

const temp = (): string => join(runner.dir, 'temp');

async function refusalOf(uploading: Promise<unknown>): Promise<ActionError> {
  const error = await uploading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  const refusal = error as ActionError;
  expect(refusal.message).toMatch(/^[A-Z][^\n]*\.$/);
  return refusal;
}

describe('upload', () => {
  it('makes one zip that holds the files, bytes unchanged, without compressing them again', async () => {
    const uploaded = await upload({ name: 'release/v0.2.0' });

    const [artifact, ...others] = runner.services.artifacts();
    expect(others).toEqual([]);
    expect(uploaded).toEqual({
      name: 'release-v0.2.0',
      id: artifact?.id,
      url: `https://github.com/octo/project/actions/runs/42/artifacts/${artifact?.id}`,
      digest: artifact?.digest,
      reused: false,
    });
    const unpacked = join(runner.dir, 'unpacked');
    unzip(artifact?.path ?? '', unpacked);
    for (const name of ['hello-0.2.0.tar.gz', 'manifest.json', 'logs/report.json']) {
      expect(readFileSync(join(unpacked, name)).equals(readFileSync(join(root, name)))).toBe(true);
    }
    expect(artifact?.size).toBeGreaterThan(12_000_000);
  });

  it('can be downloaded again by the toolkit', async () => {
    const { id } = await upload();
    const { DefaultArtifactClient } = await import('@actions/artifact');
    const target = join(runner.dir, 'downloaded');
    await new DefaultArtifactClient().downloadArtifact(id, { path: target });
    const file = 'hello-0.2.0.tar.gz';
    expect(readFileSync(join(target, file)).equals(readFileSync(join(root, file)))).toBe(true);
  });

  it('asks for the given retention, and else for none', async () => {
    const before = Date.now();
    await upload({ name: 'default' });
    await upload({ name: 'kept', retentionDays: 9 });
    const expiry = new Map(runner.services.artifacts().map(({ name, expiresAt }) => [name, expiresAt]));
    expect(expiry.get('default')).toBeUndefined();
    const days = ((expiry.get('kept')?.getTime() ?? 0) - before) / 86_400_000;
    // Clock changes of the time zone may make a day an hour longer or shorter.
    expect(Math.round(days)).toBe(9);
  });

  it('names a file that cannot be read, before it takes the name', async () => {
    const { files } = releaseFiles();
    const dangling = join(root, 'dangling.tar.gz');
    symlinkSync(join(root, 'gone'), dangling);
    const error = await refusalOf(upload({ files: [...files, dangling] }));
    expect(error.message).toContain(`${dangling} cannot be read`);
    expect(runner.services.requests()).toEqual([]);
  });
});

describe('a name that is taken', () => {
  /** Another attempt of the same job: same run, new job. */
  const rerun = (): void => {
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', runner.services.newJobEnv().ACTIONS_RUNTIME_TOKEN);
  };

  it('is fine when the artifact there holds the same manifest', async () => {
    const first = await upload();
    rerun();
    const second = await upload();
    expect(second).toEqual({ ...first, reused: true });
    expect(runner.services.artifacts()).toHaveLength(1);
    expect(readdirSync(join(runner.dir, 'temp'))).toEqual([]);
  });

  it('is an error when the artifact there holds another manifest', async () => {
    const first = await upload();
    rerun();
    const error = await refusalOf(upload({}, '{"version":"0.2.0","fixed":true}'));
    expect(error.message).toContain(`artifact "hello-relup" (id ${first.id}) with other contents`);
    expect(error.remedy).toMatch(/`overwrite: true`.*`artifact-name`/);
    expect(error.cause).toBeInstanceOf(Error);
    expect(runner.services.artifacts()).toMatchObject([{ id: first.id, digest: first.digest }]);
  });

  it('is an error when the artifact there has no manifest, or there is none to compare', async () => {
    const { files } = releaseFiles();
    await upload({ files: files.slice(0, 1) });
    expect((await refusalOf(upload())).message).toContain('other contents');
    const own = releaseFiles();
    const without = {
      name: 'hello-relup',
      overwrite: false,
      workFolder: temp(),
      rootDir: own.rootDir,
      files: own.files,
    };
    expect((await refusalOf(uploadArtifact(without))).message).toContain('other contents');
  });

  it('is replaced when overwriting is asked for', async () => {
    const first = await upload();
    rerun();
    const second = await upload({ overwrite: true }, '{"version":"0.2.0","fixed":true}');
    expect(second.reused).toBe(false);
    expect(second.id).not.toBe(first.id);
    expect(runner.services.artifacts()).toMatchObject([{ id: second.id, digest: second.digest }]);
  });

  it('does not matter to overwriting when it is free', async () => {
    expect((await upload({ overwrite: true })).reused).toBe(false);
  });

  it.each([false, true])('is explained when an upload of it broke off (overwrite: %s)', async (overwrite) => {
    runner.services.inject({ kind: 'refuse', method: 'FinalizeArtifact' });
    await refusalOf(upload());
    const error = await refusalOf(upload({ overwrite }));
    expect(error.message).toContain(
      'taken in this workflow run by an upload that has not ended or broke off',
    );
    expect(error.remedy).toContain('new workflow run');
  });

  it('is an error when the artifact there cannot be downloaded', async () => {
    await upload();
    runner.services.inject({ kind: 'status', method: 'GetBlob', status: 500, times: 100 });
    const error = await refusalOf(upload());
    expect(error.message).toContain('could not be compared: Unable to download');
    expect(error.remedy).toContain('`overwrite: true`');
    expect(readdirSync(join(runner.dir, 'temp'))).toEqual([]);
  });
});

describe('trouble with the service', () => {
  it.each(['CreateArtifact', 'PutBlock', 'PutBlockList', 'FinalizeArtifact'])(
    'is overcome when %s fails only once',
    async (method) => {
      runner.services.inject({ kind: 'status', method, status: 500 });
      const { id } = await upload();
      expect(runner.services.artifacts()).toMatchObject([{ id }]);
      expect(runner.services.requests().filter((name) => name === method).length).toBeGreaterThan(1);
    },
  );

  it.each(['CreateArtifact', 'PutBlockList'])('is one sentence when %s fails for good', async (method) => {
    runner.services.inject({ kind: 'status', method, status: 500, times: 100 });
    const error = await refusalOf(upload());
    expect(error.message).toContain('The artifact "hello-relup" could not be uploaded: ');
    expect(error.remedy).toContain('githubstatus.com');
    expect(error.cause).toBeInstanceOf(Error);
    expect(runner.services.artifacts()).toEqual([]);
  });

  it('is one sentence when the token is refused', async () => {
    runner.services.inject({ kind: 'refuse', method: 'CreateArtifact' });
    expect((await refusalOf(upload())).message).toContain('(401)');
  });

  it('is one sentence when the upload URL is refused', async () => {
    runner.services.inject({ kind: 'refuse', method: 'PutBlock', times: 100 });
    expect((await refusalOf(upload())).message).toContain('Signature did not match');
  });

  it('is one sentence when the connection is reset', async () => {
    runner.services.inject({ kind: 'reset', method: 'CreateArtifact' });
    expect((await refusalOf(upload())).message).toContain('ECONNRESET');
  });

  it('is one sentence when the service is down', async () => {
    await runner.services.close();
    expect((await refusalOf(upload())).message).toContain('ECONNREFUSED');
  });

  it('is found before anything is sent when there is no token or the server is GitHub Enterprise Server', async () => {
    vi.stubEnv('GITHUB_SERVER_URL', 'https://github.example.com');
    expect((await refusalOf(upload())).message).toContain('GitHub Enterprise Server');
    vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', undefined);
    expect((await refusalOf(upload())).message).toContain('ACTIONS_RUNTIME_TOKEN');
    expect(runner.services.requests()).toEqual([]);
    expect(runner.output()).not.toContain('::warning');
  });
});
