import type { ChosenAppup } from '../../model/appup.js';
import type { ApplicationChange, ReleaseDifference } from '../../model/release-difference.js';
import {
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Line,
  list,
  paragraph,
  table,
} from '../document/blocks.js';
import { counted } from '../figures.js';
import type { RunRecord } from '../run-record.js';
import { applicationDiagram } from './application-diagram.js';
import { modulesOf } from './module-counts.js';

/** Module names in a diff that may have thousands. */
const LINES = 300;

/** Which applications differ, by what appup each is upgraded, and which modules. */
export function applications(record: RunRecord): Block[] {
  return (record.differences ?? []).flatMap((difference) => [
    heading(2, `Applications, ${difference.upFrom.version} → ${record.release?.version ?? ''}`),
    ...applicationDiagram(record, difference),
    ...differing(record, difference),
  ]);
}

function differing(
  { appups = [] }: RunRecord,
  { changed, added, removed, unbumped }: ReleaseDifference,
): Block[] {
  const all = [...changed, ...added, ...removed, ...unbumped];
  if (all.length === 0) return [paragraph('No application differs.')];
  const appupOf = ({ name }: ApplicationChange): ChosenAppup | undefined =>
    appups.find(({ application }) => application === name);
  const rows = all.map((change): Line[] => [[code(change.name)], [versionsOf(change)], [modulesOf(change)]]);
  const used = all.flatMap((change) => {
    const appup = appupOf(change);
    return appup === undefined ? [] : [appupLine(change, appup)];
  });
  return [
    table(['application', 'version', 'modules'], rows),
    ...(used.length === 0 ? [] : [list(used)]),
    fold(['Modules that differ'], [codeBlock(diff(all), 'diff')]),
  ];
}

function versionsOf({ from, to }: ApplicationChange): string {
  if (from === undefined) return `${to ?? ''}, added`;
  if (to === undefined) return `${from}, removed`;
  return from === to ? `${from}, not raised` : `${from} → ${to}`;
}

/** H32: an entry that is an expression is shown, so that over-wide ones are seen. */
function appupLine(change: ApplicationChange, { origin, file, up }: ChosenAppup): Line {
  if (origin === 'generated') return [code(change.name), ': generated appup, see below'];
  const pattern = up.find(({ upFrom }) => upFrom === change.from)?.pattern;
  const entry: Line = pattern?.startsWith('<<') === true ? [', entry ', code(pattern)] : [];
  return [code(change.name), `: ${origin} appup `, code(file), ...entry];
}

function diff(changes: readonly ApplicationChange[]): string {
  const lines = changes.flatMap((change) => [
    ...(change.from === undefined || change.from === change.to ? [] : [`- ${change.name} ${change.from}`]),
    ...(change.to === undefined
      ? []
      : [`${change.from === change.to ? ' ' : '+'} ${change.name} ${change.to}`]),
    ...change.modules.removed.map((module) => `-     ${module}`),
    ...change.modules.changed.map((module) => `!     ${module}`),
    ...change.modules.added.map((module) => `+     ${module}`),
  ]);
  const rest = lines.length - LINES;
  return [...lines.slice(0, LINES), ...(rest > 0 ? [`  ${counted(rest, 'more line')}`] : [])].join('\n');
}
