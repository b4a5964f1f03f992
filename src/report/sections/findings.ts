import { distinct, type Finding, isError } from '../../model/finding.js';
import { type Block, code, heading, paragraph, strong } from '../document/blocks.js';
import { prose } from '../document/prose.js';
import type { RunRecord } from '../run-record.js';
import { isTold } from '../told.js';

/** What stopped the run: read first, with what to do. */
export function stoppers(record: RunRecord): Block[] {
  if (record.failure === undefined) return [];
  const stopping = record.findings.filter((finding) => isError(finding) && !isTold(finding, record));
  return withHeading('What stops it', stopping);
}

/** Everything else that was found, but what the verdict says already. */
export function otherFindings(record: RunRecord, told: readonly Finding[]): Block[] {
  const { findings, failure } = record;
  const shown = findings.filter(
    (finding) => !(failure !== undefined && isError(finding)) && !told.includes(finding),
  );
  return withHeading('Findings', shown);
}

/** In the order in which they came, those of one kind together. */
function withHeading(title: string, findings: readonly Finding[]): Block[] {
  const all = distinct(findings);
  if (all.length === 0) return [];
  const ids = [...new Set(all.map(({ id }) => id))];
  return [
    heading(2, title),
    ...ids.flatMap((id) => {
      const same = all.filter((finding) => finding.id === id);
      return [heading(3, code(id), ` (${same[0]?.severity ?? ''})`), ...same.flatMap(findingBlocks)];
    }),
  ];
}

function findingBlocks({ message, remedy, location }: Finding): Block[] {
  const where =
    location === undefined
      ? []
      : [
          paragraph(
            'In ',
            code(location.file),
            ...(location.line === undefined ? [] : [`, line ${location.line}`]),
            '.',
          ),
        ];
  return [...prose(message), ...where, ...whatToDo(remedy)];
}

function whatToDo(remedy: string | undefined): Block[] {
  const [first, ...more] = prose(remedy ?? '');
  if (first?.kind !== 'paragraph') return first === undefined ? [] : [first, ...more];
  return [paragraph(strong('What to do:'), ' ', ...first.line), ...more];
}
