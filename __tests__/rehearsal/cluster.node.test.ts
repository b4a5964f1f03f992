// Two connected nodes, old and new: what they say to each other, and what the upgrade of one takes from both.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rehearse } from '../../src/rehearsal/rehearse.js';
import type { Rehearsal, RehearsedCluster } from '../../src/model/rehearsal.js';
import type { RehearsalOptions } from '../../src/rehearsal/rehearsal-options.js';
import type { Erlang } from '../../src/programs/erlang.js';
import {
  buildPlainUpgrade,
  counter,
  supervised,
  type PlainApplication,
  type PlainRelease,
  type PlainUpgrade,
} from '../support/plain-release.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: Erlang;
const built: PlainUpgrade[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(folder);
});

afterAll(() => {
  for (const one of built) rmSync(one.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

async function cluster(
  old: PlainApplication,
  next: Omit<PlainApplication, 'version'>,
  { otp = [], sysConfig, ...options }: Partial<RehearsalOptions> & Pick<PlainRelease, 'otp' | 'sysConfig'> = {},
): Promise<{ outcome: string; findings: string[]; cluster: RehearsedCluster | undefined; result: Rehearsal }> {
  const more = { otp, ...(sysConfig === undefined ? {} : { sysConfig }) };
  const upgrade = await buildPlainUpgrade(
    erlang,
    { version: '1.0.0', applications: { shop: old }, ...more },
    { version: '2.0.0', applications: { shop: { version: '2', ...next } }, ...more },
  );
  built.push(upgrade);
  const own = mkdtempSync(join(folder, 'rehearsal-'));
  const result = await rehearse({
    ...{ erlang, folder: join(own, 'nodes'), logFolder: join(own, 'logs') },
    ...{ release: upgrade.release, upFrom: [upgrade.upFrom], upgrade: upgrade.upgrade },
    ...{ timeoutSeconds: 150, nodeName: 'random', cluster: true },
    ...options,
  });
  const findings = result.versions.flatMap((version) =>
    version.findings.map(({ step, id, message }) => `${step} ${id}: ${message}`),
  );
  return { outcome: result.outcome, findings, cluster: result.versions[0]?.cluster, result };
}

function appup(up: string, down = up): string {
  return `{"2", [{"1", [${up}]}], [{"1", [${down}]}]}.`;
}

const UPDATE = appup('{update, shop_counter, {advanced, []}}');

function shop(modules: Readonly<Record<string, string>>): Omit<PlainApplication, 'version'> {
  return { modules: { ...supervised('shop', Object.keys(modules)), ...modules } };
}

test('a pair that stays as it is: connected, checked with both names, nothing lost', async () => {
  const check = `
    answer=$("$RELUP_ROOT"/erts-*/bin/erl_call -sname "$RELUP_NODE" -c "$RELUP_COOKIE" -a "rpc call ['$RELUP_OTHER_NODE',shop_counter,version,[]]")
    echo "$RELUP_STAGE $RELUP_RUNNING sees $RELUP_OTHER_RUNNING answer $answer"
    [[ $RELUP_STAGE != cluster-* || ( "$answer" = "\${RELUP_OTHER_RUNNING%%.*}" && -d $RELUP_OTHER_ROOT ) ]]`;
  const {
    outcome,
    findings,
    cluster: of,
    result,
  } = await cluster(
    { version: '1', ...shop(counter('shop_counter', '1')) },
    { ...shop(counter('shop_counter', '2')), appup: UPDATE },
    { check },
  );
  expect(findings).toEqual([]);
  expect(outcome).toBe('passed');
  expect(of).toEqual({
    versions: ['1.0.0', '2.0.0'],
    together: false,
    shared: [{ kind: 'connection', before: 1, lost: [] }],
  });
  expect(result.versions[0]?.steps.slice(-2)).toMatchObject([
    { name: 'cluster', checks: { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' } },
    { name: 'cluster upgrade', checks: { done: 'ok', command: 'ok', processes: 'ok', cluster: 'ok' } },
  ]);
});
