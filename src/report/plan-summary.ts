import type { ChosenAppup, AppupEntry } from '../model/appup.js';
import type { ApplicationChange } from '../model/release-difference.js';
import type { RelupScript } from '../model/relup.js';
import { code, codeBlock, fold, plain, table } from './markdown.js';
import type { RunRecord } from './run-record.js';

/** Which applications differ, and by what appup each is upgraded. */
export function applications(record: RunRecord): string {
  return (record.differences ?? [])
    .map(({ upFrom, changed, added, removed }) => {
      const rows = [...changed, ...added, ...removed].map((change) => applicationRow(record, change));
      const head = ['application', 'from', 'to', 'modules', 'appup'];
      const body = rows.length === 0 ? 'No application differs.' : table(head, rows);
      return `## Applications, ${plain(upFrom.version)} → ${plain(record.release?.version ?? '')}\n\n${body}`;
    })
    .join('\n\n');
}

function applicationRow(record: RunRecord, change: ApplicationChange): string[] {
  const { added, changed, removed } = change.modules;
  const appup = record.appups?.find(({ application }) => application === change.name);
  const counts = [
    added.length > 0 ? `${added.length} added` : '',
    changed.length > 0 ? `${changed.length} changed` : '',
    removed.length > 0 ? `${removed.length} removed` : '',
  ].filter((text) => text !== '');
  const entry = appup?.up.find(({ upFrom }) => upFrom === change.from);
  return [
    code(change.name),
    plain(change.from ?? '–'),
    plain(change.to ?? '–'),
    counts.join(', ') || 'same code',
    appup === undefined ? '–' : appupCell(appup, entry),
  ];
}

/** What was generated is a file only once somebody saves it. */
function appupCell({ origin, file }: ChosenAppup, entry: AppupEntry | undefined): string {
  return origin === 'generated' ? origin : `${origin} ${code(file)}${matched(entry)}`;
}

/** H32: an entry that is an expression is shown, so that over-wide ones are seen. */
function matched(entry: AppupEntry | undefined): string {
  return entry?.pattern?.startsWith('<<') ? `, entry ${code(entry.pattern)}` : '';
}

/** The instructions of each way, folded. */
export function relup({ relup }: RunRecord): string {
  if (relup === undefined) return '';
  const parts = [
    ...relup.up.map((script) => fold(`up from ${plain(script.version)}`, scriptText(script))),
    ...relup.down.map((script) => fold(`down to ${plain(script.version)}`, scriptText(script))),
  ];
  return `## Relup\n\n${parts.join('\n')}`;
}

function scriptText({ instructions }: RelupScript): string {
  return codeBlock(instructions.join(',\n'), 'erlang');
}
