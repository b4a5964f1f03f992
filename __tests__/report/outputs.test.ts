import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOTHING } from '../../src/report/run-record.js';
import { publish } from '../../src/report/publish.js';
import { setOutputs } from '../../src/report/outputs.js';
import { keyValues } from '../support/action.js';
import { builtRelease } from '../support/releases.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relup-outputs-'));
  file = join(folder, 'output');
  writeFileSync(file, '');
  vi.stubEnv('GITHUB_OUTPUT', file);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const HOSTILE =
  'x\nverdict=hot\nEOF\nghadelimiter_00000000-0000-4000-8000-000000000000\nverdict<<EOF\nhot\nEOF';

test('a value with lines and delimiters of its own stays the value of one output (H107)', () => {
  setOutputs({ ...NOTHING, release: { ...builtRelease('1.0.0', []), name: HOSTILE } });
  const { metadata = '', ...others } = keyValues(file);
  expect(others).toEqual({ 'release-name': HOSTILE, version: '1.0.0' });
  expect(JSON.parse(metadata)).toMatchObject({ releaseName: HOSTILE, version: '1.0.0' });
  // As the runner reads it: the delimiter of the first line is the only one that counts.
  const [first = ''] = readFileSync(file, 'utf8').split('\n');
  expect(HOSTILE).not.toContain(first.split('<<')[1]);
});

test('a report or summary that cannot be written is a warning; the outputs are set all the same', async () => {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  vi.stubEnv('GITHUB_STEP_SUMMARY', join(folder, 'gone', 'summary'));
  await publish({ ...NOTHING, verdict: 'none', report: join(folder, 'gone', 'report.json') });
  expect(output).toMatch(/^::warning::The report could not be written: ENOENT/m);
  expect(output).toMatch(/^::warning::The job summary could not be written: /m);
  expect(keyValues(file)).toMatchObject({ verdict: 'none' });
});

test('outputs that cannot be set are an error, but do not hide why a run failed', async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.stubEnv('GITHUB_OUTPUT', join(folder, 'gone'));
  await expect(publish({ ...NOTHING, verdict: 'none' })).rejects.toThrow('Missing file');
  const failure = { message: 'why', remedy: undefined, details: undefined };
  await expect(publish({ ...NOTHING, verdict: 'refused', failure })).resolves.toBeUndefined();
});
