import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import type { RunRecord } from '../../src/report/run-record.js';
import { removeRuns, runAction } from '../support/action.js';
import { keep, removeKept } from '../support/failures.js';
import { helloworldRepository } from '../support/repository.js';

afterAll(() => {
  removeKept();
  removeRuns();
});

test('rehearse-cluster: old and new node connected, the check on both, and the report says what survived', async () => {
  const repository = keep(helloworldRepository());
  const check = `[[ $RELUP_STAGE == cluster-* ]] || exit 0
echo "at $RELUP_STAGE $RELUP_RUNNING: $("$RELUP_ROOT/bin/$RELUP_NAME" eval "rpc:call('$RELUP_OTHER_NODE', helloworld, helloworld, []).") of $RELUP_OTHER_RUNNING"`;
  const inputs = { rehearse: 'required', 'rehearse-cluster': 'true', upload: 'false', check };
  const run = await runAction({ workspace: repository.dir, inputs });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({ verdict: 'hot' });
  expect([...run.log.matchAll(/^at (.*)$/gm)].map(([, stage]) => stage)).toEqual([
    'cluster-mixed 0.1.0: "Hello, world!" of 0.2.0',
    'cluster-mixed 0.2.0: "Helo, world!" of 0.1.0',
    'cluster-upgraded 0.2.0: "Hello, world!" of 0.2.0',
    'cluster-upgraded 0.2.0: "Hello, world!" of 0.2.0',
  ]);
  const manifest = JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
  expect(manifest.proof?.upFrom[0]?.steps).toMatchObject({
    cluster: { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' },
    'cluster upgrade': { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' },
  });
  expect(run.summary).toContain('### Two connected nodes');
  expect(run.summary).toContain('| connections | 1 | all there |');
  const report = run.outputs.report as string;
  const record = JSON.parse(readFileSync(report, 'utf8')) as RunRecord;
  expect(record.rehearsal?.versions[0]?.cluster).toEqual({
    versions: ['0.1.0', '0.2.0'],
    together: false,
    shared: [{ kind: 'connection', before: 1, lost: [] }],
  });
  expect(readFileSync(join(dirname(report), 'report.html'), 'utf8')).toContain('two connected nodes');
});
