import { expect, test } from 'vitest';
import { closingLine } from '../../../src/actions/cli/closing-line.js';
import type { DeployResult } from '../../../src/model/deploy.js';
import { NOTHING } from '../../../src/report/run-record.js';

const closed = (deployed: Partial<DeployResult>) =>
  closingLine(
    { ...NOTHING, deployed: { record: { findings: [], journal: [] }, ...deployed } as DeployResult },
    { target: undefined, files: [] },
  );

test('a deploy ends with what runs, a dry run with that nothing does that did not before', () => {
  expect(closed({ deployedVersion: '0.1.0', nodeState: 'installed' })).toEqual([
    'The node runs 0.1.0 (installed).',
  ]);
  expect(closed({ deployedVersion: '', nodeState: 'untouched', dryRun: true })).toEqual([
    'Nothing was changed.',
  ]);
});
