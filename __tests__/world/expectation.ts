import type { Outcome } from './outcome.js';
import type { Row } from './row.js';

/** Why the outcome is not what the row expects, in words; undefined when it is. */
export function complaint(row: Row, outcome: Outcome): string | undefined {
  const { expect, finds = [], name } = row;
  const found = finds.every((id) => outcome.findings.includes(id));
  if (found && isExpected(expect, outcome)) return undefined;
  const wanted = expect === 'hot' ? 'hot' : `refused: ${expect.refused}`;
  const required = finds.length === 0 ? '' : `, finding ${finds.join(', ')}`;
  return [
    `${name}: expected ${wanted}${required}; was ${outcome.verdict}`,
    ...(outcome.reason === undefined ? [] : [outcome.reason]),
    ...outcome.messages,
    ...outcome.lines,
  ].join('\n  ');
}

function isExpected(expect: Row['expect'], { verdict, errors, lines, reason }: Outcome): boolean {
  if (expect === 'hot') return verdict === 'hot' && lines.length === 0;
  return (
    verdict === 'refused' && (errors.includes(expect.refused) || (reason ?? '').startsWith(expect.refused))
  );
}
