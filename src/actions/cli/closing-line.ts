import type { RunRecord } from '../../report/run-record.js';

/** What a run came to, for the end of what is shown. Pure. */
export function closingLine(
  record: RunRecord,
  { target, files }: { readonly target: string | undefined; readonly files: readonly string[] },
): string[] {
  const made =
    target === undefined || files.length === 0 ? [] : [`${target}:`, ...files.map((name) => `  ${name}`)];
  return [...verdict(record), ...made];
}

const VERDICTS: Readonly<Record<string, string>> = {
  hot: 'hot, proven on a node',
  unproven: 'made and checked, not rehearsed',
  restart: 'nodes must be restarted to run it',
  none: 'for fresh installations only',
};

function verdict({ release, upFrom = [], verdict: found, failure, deployed, answer }: RunRecord): string[] {
  if (failure !== undefined || answer !== undefined) return [];
  if (deployed?.dryRun === true) return ['Nothing was changed.'];
  if (deployed !== undefined) return [`The node runs ${deployed.deployedVersion} (${deployed.nodeState}).`];
  if (release === undefined || found === undefined) return [];
  const from = upFrom.length === 0 ? '' : `, from ${upFrom.map(({ version }) => version).join(', ')}`;
  return [`${release.name} ${release.version}${from}: ${VERDICTS[found] ?? found}`];
}
