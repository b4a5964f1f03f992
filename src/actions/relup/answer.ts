import { posix } from 'node:path';
import type { Answer } from '../../model/answer.js';
import type { RunRecord } from '../../report/run-record.js';
import type { Location } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';
import { unended } from '../../shared/unended.js';

/** What a check that was not refused found. Pure. */
export function answerOf(record: RunRecord): Answer {
  return {
    sentence: sentence(record),
    ...defined({ beforeTag: beforeTag(record), location: changedFile(record) }),
  };
}

function sentence({ verdict, unproven = '', restartReason = '', upFrom = [], refs }: RunRecord): string {
  const from = upFrom.map(({ version }) => version).join(', ');
  switch (verdict) {
    case 'hot':
      return `Hot: a node that runs ${from} can be upgraded to this change, which was tried on a node.`;
    case 'restart':
      return `Restart: a node that runs ${from} must be restarted to run this change, because ${restartReason}.`;
    case 'unproven':
      return `Hot, unproven: an upgrade from ${from} to this change could be made, and was not tried, because ${unended(unproven)}.`;
    case 'none':
    case 'refused':
    case undefined:
    default:
      return `There is nothing to upgrade from: ${refs?.reason ?? ''}`;
  }
}

/** Versions that stand in files; those that git makes are raised by the tag. */
function beforeTag({ raised, toRaise = [] }: RunRecord): string | undefined {
  if (raised === undefined) return undefined;
  const named = toRaise.map(
    ({ what, version, location: { file, line } }) =>
      `${what} (now ${version}) in ${file}${line === undefined ? '' : `, line ${line}`}`,
  );
  return named.length === 0 ? undefined : `Before you tag, raise the version of ${named.join('; ')}.`;
}

/** A file of the change that an annotation can point at: best the source of a module whose code differs. Pure. */
export function changedFile({ change = [], differences = [] }: RunRecord): Location | undefined {
  const modules = new Set(
    differences
      .flatMap(({ changed, unbumped, added }) => [...changed, ...unbumped, ...added])
      .flatMap(({ modules }) => [...modules.changed, ...modules.added]),
  );
  const source = change.find((file) => /\.[a-z]rl$/.test(file) && modules.has(posix.parse(file).name));
  const file = source ?? change.find((name) => /\.(erl|hrl|src|config)$/.test(name)) ?? change[0];
  return file === undefined ? undefined : { file };
}
