import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import { temporaryFolder } from '../support/repository.js';

type Json = Record<string, unknown>;

let dir: string;
let services: Awaited<ReturnType<typeof startRunnerServices>>;

beforeEach(async () => {
  dir = temporaryFolder();
  services = await startRunnerServices({ dir });
});

afterEach(async () => {
  await services.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The backend ids that the toolkit reads out of the token. */
function idsOf(env: Record<string, string>): { run: string; job: string } {
  const [, claims = ''] = env.ACTIONS_RUNTIME_TOKEN?.split('.') ?? [];
  const { scp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { scp: string };
  const [, run = '', job = ''] = /Actions\.Results:([^:]+):([^: ]+)/.exec(scp) ?? [];
  return { run, job };
}

async function call(method: string, body: Json, env = services.env): Promise<{ status: number; body: Json }> {
  const service = method.includes('Cache') ? 'CacheService' : 'ArtifactService';
  const artifactIds = (): Json => {
    const ids = idsOf(env);
    return { workflow_run_backend_id: ids.run, workflow_job_run_backend_id: ids.job };
  };
  const response = await fetch(
    new URL(`/twirp/github.actions.results.api.v1.${service}/${method}`, env.ACTIONS_RESULTS_URL),
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${env.ACTIONS_RUNTIME_TOKEN}`,
      },
      body: JSON.stringify(service === 'ArtifactService' ? { ...artifactIds(), ...body } : body),
    },
  );
  return { status: response.status, body: (await response.json()) as Json };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const blob = { 'x-ms-blob-type': 'BlockBlob' };
const put = (url: string, body: string, query = '', headers = {}): Promise<Response> =>
  fetch(url + query, { method: 'PUT', body, headers });

async function upload(name: string, text: string): Promise<Json> {
  const created = await call('CreateArtifact', { name, version: 7 });
  expect((await put(String(created.body.signed_upload_url), text, '', blob)).status).toBe(201);
  return (await call('FinalizeArtifact', { name, size: String(text.length) })).body;
}

async function saveCache(key: string, version: string, text: string): Promise<Json> {
  const created = await call('CreateCacheEntry', { key, version });
  await put(String(created.body.signed_upload_url), text, '', blob);
  const size = String(text.length);
  return (await call('FinalizeCacheEntryUpload', { key, version, size_bytes: size })).body;
}

describe('artifacts', () => {
  it('takes blocks in any order and makes of them the blob that the list says', async () => {
    const created = await call('CreateArtifact', {
      name: 'relup',
      version: 7,
      expires_at: '2030-01-02T00:00:00Z',
    });
    const url = String(created.body.signed_upload_url);
    const [a, b] = [Buffer.from('block-a').toString('base64'), Buffer.from('block-b').toString('base64')];
    await put(url, 'world', `&comp=block&blockid=${encodeURIComponent(b)}`);
    await put(url, 'hello ', `&comp=block&blockid=${encodeURIComponent(a)}`);
    const list = `<?xml version="1.0"?><BlockList><Latest>${a}</Latest><Latest>${b}</Latest></BlockList>`;
    expect((await put(url, list, '&comp=blocklist')).status).toBe(201);
    const digest = sha256('hello world');
    const finalized = await call('FinalizeArtifact', {
      name: 'relup',
      size: '11',
      hash: `sha256:${digest}`,
    });

    expect(finalized.body.ok).toBe(true);
    const [artifact] = services.artifacts();
    expect(artifact).toMatchObject({ name: 'relup', size: 11, digest });
    expect(artifact?.expiresAt?.toISOString()).toBe('2030-01-02T00:00:00.000Z');
    expect(readFileSync(artifact?.path ?? '', 'utf8')).toBe('hello world');
    expect(String(artifact?.id)).toBe(finalized.body.artifact_id);
  });

  it('refuses a list with a block that was not uploaded', async () => {
    const created = await call('CreateArtifact', { name: 'relup', version: 7 });
    const list = '<BlockList><Latest>bm90IHRoZXJl</Latest></BlockList>';
    const response = await put(String(created.body.signed_upload_url), list, '&comp=blocklist');
    expect(response.status).toBe(400);
    expect(response.headers.get('x-ms-error-code')).toBe('InvalidBlockList');
  });

  it('gives a download URL for whole, part and head', async () => {
    await upload('relup', 'hello world');
    const url = String((await call('GetSignedArtifactURL', { name: 'relup' })).body.signed_url);
    const whole = await fetch(url);
    expect(await whole.text()).toBe('hello world');
    expect(whole.headers.get('content-disposition')).toContain('relup.zip');
    const part = await fetch(url, { headers: { range: 'bytes=6-8' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      'wor',
      'bytes 6-8/11',
    ]);
    const azure = await fetch(url, { headers: { 'x-ms-range': 'bytes=6-' } });
    expect(await azure.text()).toBe('world');
    expect((await fetch(url, { headers: { range: 'bytes=11-' } })).status).toBe(416);
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('11');
  });

  it('checks signature, permission and validity of a URL', async () => {
    const created = await call('CreateArtifact', { name: 'relup', version: 7 });
    const url = new URL(String(created.body.signed_upload_url));
    expect((await fetch(url)).status).toBe(403);
    const tampered = ['sig', 'se', 'sp'].map((name) => {
      const changed = new URL(url);
      changed.searchParams.set(name, name === 'se' ? '2099-01-01T00:00:00Z' : 'r');
      return changed.href;
    });
    for (const href of tampered) expect((await put(href, 'x', '', blob)).status).toBe(403);
    expect((await put(url.href, 'x', '', blob)).status).toBe(201);
  });

  it('keeps a name taken until the artifact is deleted', async () => {
    await upload('relup', 'one');
    const again = await call('CreateArtifact', { name: 'relup', version: 7 });
    expect([again.status, again.body.code]).toEqual([409, 'already_exists']);
    expect((await call('DeleteArtifact', { name: 'relup' })).body.ok).toBe(true);
    await upload('relup', 'two');
    expect(services.artifacts().map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['two']);
  });

  it('does not list what has not been uploaded in full, nor finish it', async () => {
    await call('CreateArtifact', { name: 'relup', version: 7 });
    expect((await call('ListArtifacts', {})).body.artifacts).toEqual([]);
    expect((await call('FinalizeArtifact', { name: 'relup', size: '1' })).status).toBe(412);
    expect((await call('CreateArtifact', { name: 'relup', version: 7 })).status).toBe(409);
  });

  it('checks size and digest of an upload', async () => {
    const created = await call('CreateArtifact', { name: 'relup', version: 7 });
    await put(String(created.body.signed_upload_url), 'hello', '', blob);
    expect((await call('FinalizeArtifact', { name: 'relup', size: '4' })).status).toBe(400);
    const hash = `sha256:${'0'.repeat(64)}`;
    expect((await call('FinalizeArtifact', { name: 'relup', size: '5', hash })).status).toBe(400);
  });

  it('refuses a name that the service refuses', async () => {
    expect((await call('CreateArtifact', { name: 'a/b', version: 7 })).status).toBe(400);
  });

  it('lists the artifacts of all jobs of the run', async () => {
    await upload('relup', 'one');
    await upload('other', 'two');
    const env = services.newJobEnv();
    expect(idsOf(env).run).toBe(idsOf(services.env).run);
    expect(idsOf(env).job).not.toBe(idsOf(services.env).job);
    const found = await call('ListArtifacts', { name_filter: 'relup' }, env);
    expect(found.body.artifacts).toMatchObject([
      { name: 'relup', workflow_job_run_backend_id: idsOf(services.env).job, size: '3' },
    ]);
  });
});

describe('caches', () => {
  it('finds an entry by its key, then the newest by a prefix, and only with the same version', async () => {
    await saveCache('relup-1', 'v', 'one');
    await saveCache('relup-2', 'v', 'two');
    const find = async (key: string, restoreKeys: string[], version = 'v'): Promise<Json> =>
      (await call('GetCacheEntryDownloadURL', { key, restore_keys: restoreKeys, version })).body;
    expect(await find('relup-1', [])).toMatchObject({ ok: true, matched_key: 'relup-1' });
    const prefix = await find('none', ['relup-']);
    expect(prefix).toMatchObject({ ok: true, matched_key: 'relup-2' });
    expect(await (await fetch(String(prefix.signed_download_url))).text()).toBe('two');
    expect(await find('relup-1', [], 'w')).toMatchObject({ ok: false });
    expect(await find('none', ['nothing'])).toMatchObject({ ok: false });
  });

  it('never writes a key again', async () => {
    await saveCache('relup-1', 'v', 'one');
    const again = await call('CreateCacheEntry', { key: 'relup-1', version: 'v' });
    expect([again.status, again.body.code]).toEqual([409, 'already_exists']);
    expect(services.caches()).toMatchObject([{ key: 'relup-1', size: 3 }]);
  });

  it('refuses keys with commas or of more than 512 characters', async () => {
    for (const key of ['a,b', 'x'.repeat(513)]) {
      expect((await call('CreateCacheEntry', { key, version: 'v' })).status).toBe(400);
    }
  });
});

describe('access', () => {
  it('wants a token that it gave out itself', async () => {
    const token = services.env.ACTIONS_RUNTIME_TOKEN ?? '';
    for (const bad of ['', 'x', `${token.slice(0, -4)}AAAA`]) {
      const env = { ...services.env, ACTIONS_RUNTIME_TOKEN: bad };
      expect((await call('CreateCacheEntry', { key: 'k', version: 'v' }, env)).status).toBe(401);
    }
  });

  it('wants the ids of the token', async () => {
    const body = { name: 'relup', version: 7, workflow_run_backend_id: 'another' };
    const refused = await call('CreateArtifact', body);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission_denied']);
  });

  it('knows no other paths', async () => {
    const response = await fetch(new URL('/twirp/some.Service/Method', services.env.ACTIONS_RESULTS_URL));
    expect([response.status, ((await response.json()) as Json).code]).toEqual([404, 'bad_route']);
  });
});

describe('the REST API', () => {
  const get = (path: string, token = services.restApi.token): Promise<Response> =>
    fetch(`${services.restApi.env.GITHUB_API_URL}/repos/octo/project/actions/${path}`, {
      headers: { authorization: `token ${token}` },
      redirect: 'manual',
    });
  const list = async (query = ''): Promise<{ total_count: number; artifacts: Json[] }> =>
    (await (await get(`runs/${services.restApi.runId}/artifacts${query}`)).json()) as never;

  it("lists a run's artifacts, page by page and by name", async () => {
    for (const name of ['a', 'b', 'c']) await upload(name, name);
    await call('CreateArtifact', { name: 'unfinished', version: 7 });
    const all = await list();
    expect(all.artifacts.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(all.artifacts[0]).toMatchObject({
      size_in_bytes: 1,
      expired: false,
      digest: `sha256:${sha256('a')}`,
    });
    const second = await list('?per_page=2&page=2');
    expect([second.total_count, second.artifacts.map(({ name }) => name)]).toEqual([3, ['c']]);
    expect((await list('?name=b')).artifacts.map(({ name }) => name)).toEqual(['b']);
  });

  it('leads to the zip, for whoever has the token', async () => {
    const { artifact_id: id } = await upload('a', 'zipped');
    const answer = await get(`artifacts/${String(id)}/zip`);
    expect(answer.status).toBe(302);
    expect(await (await fetch(answer.headers.get('location') as string)).text()).toBe('zipped');
    expect((await get(`artifacts/${String(id)}/zip`, 'other')).status).toBe(401);
    expect((await get('artifacts/1/zip')).status).toBe(404);
    expect((await get('runs/1/artifacts')).status).toBe(404);
    services.inject({ method: 'DownloadArtifactZip', kind: 'status', status: 410 });
    expect((await get(`artifacts/${String(id)}/zip`)).status).toBe(410);
  });
});

describe('faults', () => {
  const cached = { key: 'k', version: 'v' };

  it('answers the ordered number of requests with a status and then as usual', async () => {
    services.inject({ kind: 'status', method: 'CreateCacheEntry', status: 500, times: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) statuses.push((await call('CreateCacheEntry', cached)).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(services.requests()).toEqual(['CreateCacheEntry', 'CreateCacheEntry', 'CreateCacheEntry']);
  });

  it('refuses the token and resets connections', async () => {
    services.inject({ kind: 'refuse', method: '*' });
    expect((await call('CreateCacheEntry', cached)).status).toBe(401);
    services.inject({ kind: 'reset', method: 'CreateCacheEntry' });
    await expect(call('CreateCacheEntry', cached)).rejects.toThrow();
    expect((await call('CreateCacheEntry', cached)).status).toBe(200);
  });

  it('lets a later request overtake a delayed one, and ends while one is waiting', async () => {
    services.inject({ kind: 'delay', method: 'CreateCacheEntry', milliseconds: 600_000 });
    const waiting = call('CreateCacheEntry', cached).then(
      () => 'answered',
      () => 'broken off',
    );
    expect((await call('GetCacheEntryDownloadURL', cached)).body.ok).toBe(false);
    await services.close();
    expect(await waiting).toBe('broken off');
  });

  it('faults blob requests too', async () => {
    const created = await call('CreateArtifact', { name: 'relup', version: 7 });
    const url = String(created.body.signed_upload_url);
    services.inject({ kind: 'status', method: 'PutBlob', status: 503 });
    expect((await put(url, 'x', '', blob)).status).toBe(503);
    expect((await put(url, 'x', '', blob)).status).toBe(201);
  });
});

it('stops listening when it is closed', async () => {
  await services.close();
  await expect(fetch(String(services.env.ACTIONS_RESULTS_URL))).rejects.toThrow();
});
