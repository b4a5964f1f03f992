import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadPackages, type ArtifactSource } from '../../src/artifact/download.js';
import { uploadArtifact } from '../../src/artifact/upload.js';
import { ActionError } from '../../src/shared/errors.js';
import { retryAtOnce, simulatedRunner, type SimulatedRunner } from '../support/simulated-runner.js';

let runner: SimulatedRunner;
let folder: string;

// One runner for all: @actions/github keeps the address of the API that it was loaded with.
beforeAll(async () => {
  runner = await simulatedRunner();
  vi.stubEnv('GITHUB_API_URL', runner.services.restApi.env.GITHUB_API_URL);
});
beforeEach(() => {
  retryAtOnce();
  folder = mkdtempSync(join(runner.dir, 'downloaded-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  for (const { name } of runner.services.artifacts()) await client.deleteArtifact(name);
});
afterAll(() => runner.close());

async function upload(name: string, content = name): Promise<string> {
  const rootDir = mkdtempSync(join(runner.dir, 'upload-'));
  const file = join(rootDir, 'app-1.0.0.manifest.json');
  writeFileSync(file, content);
  const options = { name, rootDir, files: [file], overwrite: false, workFolder: runner.dir };
  return (await uploadArtifact(options)).digest as string;
}

async function refusal(source: ArtifactSource): Promise<ActionError> {
  const error: unknown = await downloadPackages(source, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).remedy).toBeTruthy();
  expect(readdirSync(folder).filter((name) => name !== 'download')).toEqual([]);
  return error as ActionError;
}

const content = (): string => readFileSync(join(folder, 'app-1.0.0.manifest.json'), 'utf8');
const otherRun = (): NonNullable<ArtifactSource['otherRun']> => runner.services.restApi;

describe('the same run', () => {
  it('has the artifact by its name, or the only one that is ours', async () => {
    const digest = await upload('app-1.0.0-relup');
    await upload('coverage');
    await downloadPackages({ name: 'coverage' }, folder);
    expect(content()).toBe('coverage');
    folder = mkdtempSync(join(runner.dir, 'again-'));
    await downloadPackages({ digest }, folder);
    expect(content()).toBe('app-1.0.0-relup');
    expect(readdirSync(folder)).toEqual(['app-1.0.0.manifest.json']);
  });

  it('takes a name as the root action does, which makes it safe', async () => {
    await upload('feature/1:2-relup');
    await downloadPackages({ name: 'feature/1:2-relup' }, folder);
    expect(content()).toBe('feature/1:2-relup');
  });

  it('says what there is instead', async () => {
    expect((await refusal({})).message).toBe(
      'There is no artifact that ends in -relup in this workflow run.',
    );
    await upload('coverage');
    const { message, remedy } = await refusal({ name: 'app' });
    expect(message).toBe('There is no artifact "app" in this workflow run.');
    expect(remedy).toContain('Set `artifact-name` to one of: coverage.');
  });

  it('does not choose between two', async () => {
    await upload('a-relup');
    await upload('b-relup');
    expect((await refusal({})).message).toMatch(
      /^Several artifacts of this workflow run may be meant: [ab]-relup, [ab]-relup\.$/,
    );
  });

  it('is not one outside of a workflow run', async () => {
    const token = process.env.ACTIONS_RUNTIME_TOKEN;
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', '');
    expect((await refusal({})).message).toContain('ACTIONS_RUNTIME_TOKEN must be set by the runner.');
    vi.stubEnv('ACTIONS_RUNTIME_TOKEN', token);
  });

  it('has a service that fails', async () => {
    await upload('app-relup');
    runner.services.inject({ method: 'ListArtifacts', kind: 'status', status: 500, times: 5 });
    expect((await refusal({})).message).toMatch(/^The artifacts of this workflow run could not be listed: /);
  });

  it('has a download that breaks off, again and again', async () => {
    await upload('app-relup');
    runner.services.inject({ method: 'GetBlob', kind: 'reset', times: 5 });
    expect((await refusal({})).message).toMatch(
      /^The artifact "app-relup" \(id \d+\) could not be downloaded: /,
    );
  });

  it('gives the whole file, whatever it looks like inside', async () => {
    const zip = 'PK\u0003\u0004 and PK\u0007\u0008 and PK\u0001\u0002';
    await upload('app-relup', zip.repeat(1000));
    await downloadPackages({}, folder);
    expect(content()).toBe(zip.repeat(1000));
  });
});

describe('another run', () => {
  it('has the artifact by its name, or the only one that is ours', async () => {
    const digest = await upload('app-relup');
    await upload('coverage');
    await downloadPackages({ digest, otherRun: otherRun() }, folder);
    expect(content()).toBe('app-relup');
  });

  it.each([
    [401, 'refuse'],
    [403, 'status'],
    [404, 'status'],
  ] as const)('is told apart when GitHub answers %i', async (status, kind) => {
    runner.services.inject({ method: 'ListRunArtifacts', kind, status, times: 6 });
    const { message, remedy } = await refusal({ otherRun: otherRun() });
    expect(message).toBe(
      `The artifacts of workflow run ${otherRun().runId} cannot be read with this token (HTTP status ${status}).`,
    );
    expect(remedy).toContain('actions: read');
  });

  it('may have been another one', async () => {
    const { message } = await refusal({ otherRun: { ...otherRun(), runId: 1 } });
    expect(message).toContain(
      'The artifacts of workflow run 1 cannot be read with this token (HTTP status 404).',
    );
  });

  it('may have expired', async () => {
    await upload('app-relup');
    runner.services.inject({ method: 'DownloadArtifactZip', kind: 'status', status: 410 });
    const { message } = await refusal({ otherRun: otherRun() });
    expect(message).toBe(`The artifact of workflow run ${otherRun().runId} has expired.`);
  });

  it('may hold another artifact than the build job made', async () => {
    await upload('app-relup');
    const { message } = await refusal({ digest: 'a'.repeat(64), otherRun: otherRun() });
    expect(message).toMatch(/does not have the SHA-256 a{64}\.$/);
  });
});
