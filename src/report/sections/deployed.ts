import type { DeployResult, NodeState } from '../../model/deploy.js';
import { alert, type Block, code, type Line, strong } from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

const LEADS: Partial<Record<NodeState, string>> = {
  upgraded: 'Deployed.',
  installed: 'Installed.',
  restarted: 'Deployed, by a restart.',
  downgraded: 'Taken back.',
};

/** What a deploy that succeeded came to. */
export function deployed({ deployed: result, nodeState = 'untouched' }: RunRecord): Block {
  const lead = LEADS[nodeState];
  if (result === undefined || lead === undefined) return unchanged(result, nodeState);
  const { after, deployedVersion } = result;
  const node: Line = after === undefined ? ['The node'] : ['The node ', code(after.node)];
  const said: Line = [
    strong(lead),
    ' ',
    ...node,
    ' runs ',
    code(deployedVersion),
    `, permanently${emulator(result)}.`,
  ];
  return alert(
    'tip',
    said,
    next('nothing is left to do here; further nodes are deployed one after the other.'),
  );
}

/** Connections and state in memory outlive only the same emulator. */
function emulator({ before, after }: DeployResult): string {
  if (before === undefined || after === undefined) return '';
  const same = after.osPid === before.osPid && after.startedAt === before.startedAt;
  return same ? '; its emulator was not restarted' : '; its emulator was restarted';
}

function unchanged(result: DeployResult | undefined, nodeState: NodeState): Block {
  const dryRun = result?.dryRun === true;
  const way = result?.way ?? '';
  const nothing: Line = [strong('Nothing was changed.'), ' '];
  if (!dryRun)
    return alert('note', [
      ...nothing,
      way === '' ? 'The node is ' : `${way} The node is `,
      code(nodeState),
      '.',
    ]);
  return alert(
    'note',
    [...nothing, way, ' Nothing stands against it.'],
    next('leave out ', code('dry-run: true'), ' to do it.'),
  );
}

function next(...line: Line): Line {
  return [strong('Next:'), ' ', ...line];
}
