import { basename } from 'node:path';
import { type Finding, isError } from '../../model/finding.js';
import type { Answer } from '../../model/answer.js';
import type { UpgradeKind, Verdict } from '../../model/upgrade.js';
import {
  alert,
  type AlertKind,
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Line,
  paragraph,
  strong,
} from '../document/blocks.js';
import { prose, sentence } from '../document/prose.js';
import { deployed } from './deployed.js';
import { artifactLine } from './packages.js';
import type { RunRecord } from '../run-record.js';

/** What the verdict says of the run. */
interface Told {
  readonly blocks: readonly Block[];
  /** Findings that need no other place. */
  readonly findings: readonly Finding[];
}

export function titleOf({ release, upFrom = [], brought }: RunRecord): string {
  if (brought !== undefined) return `${brought.name} ${brought.version}: deploy`;
  if (release === undefined) return 'relup-action';
  const from = upFrom.length === 0 ? '' : `: upgrade from ${upFrom.map(({ version }) => version).join(', ')}`;
  return `${release.name} ${release.version}${from}`;
}

/** One sentence, and what to do next. */
export function verdict(record: RunRecord): Told {
  if (record.failure !== undefined) return { blocks: failed(record, record.failure), findings: [] };
  if (record.nodeState !== undefined) return { blocks: [deployed(record)], findings: [] };
  if (record.answer !== undefined) return checked(record, record.answer);
  if (record.verdict === undefined || record.verdict === 'refused') return { blocks: [], findings: [] };
  if (record.verdict === 'unproven') return unproven(record);
  const [kind, lead, said, next] = outcome(record, record.verdict);
  return { blocks: [box(kind, [strong(lead), ` ${said}`], next)], findings: [] };
}

function box(kind: AlertKind, said: Line, next: Line): Block {
  return next.length === 0 ? alert(kind, said) : alert(kind, said, [strong('Next:'), ' ', ...next]);
}

function outcome(record: RunRecord, is: UpgradeKind): [AlertKind, string, string, Line] {
  const { release, upFrom = [], packages } = record;
  const version = release?.version ?? '';
  const full = code(basename(packages?.full.path ?? ''));
  const from = upFrom.map((one) => one.version).join(', ');
  switch (is) {
    case 'hot':
      return [
        'tip',
        'Verdict: hot.',
        `The upgrade from ${from} to ${version}, and the way back, were carried out on a node, and the emulator kept running.`,
        [
          'deploy it with ',
          code('deploy: true'),
          ', with the action ',
          code('deploy/'),
          ', or by hand as shown below.',
        ],
      ];
    case 'restart':
      return [
        'warning',
        'Verdict: restart.',
        record.relup === undefined
          ? `Nodes must be restarted to run ${version}, because it has another Erlang/OTP than ${from}.`
          : `The relup restarts the emulator on the way from ${from} to ${version}, so this is not a hot upgrade.`,
        ['install ', full, ' and restart each node.'],
      ];
    case 'none':
      return [
        'note',
        'Verdict: none.',
        `No earlier release is upgraded from, so ${version} is for fresh installations.`,
        ['install ', full, '; the next release tag is upgraded from this one.'],
      ];
  }
}

const CHECKED: Readonly<Record<Verdict, AlertKind>> = {
  hot: 'tip',
  none: 'note',
  restart: 'warning',
  unproven: 'warning',
  refused: 'caution',
};

/** What a check says of a change. */
function checked(record: RunRecord, { sentence: said, beforeTag }: Answer): Told {
  const { verdict: is = 'none', unproven: why, findings } = record;
  const next = lineOf(prose(beforeTag ?? '')[0]);
  // `Hot: …`, `Restart: …`
  const [, lead = '', rest = said] = /^([^:]+:)(.*)$/s.exec(said) ?? [];
  return {
    blocks: [box(CHECKED[is], [strong(lead), ...sentence(rest)], next)],
    findings: findings.filter(({ message }) => message === why),
  };
}

/** The finding that says why, if there is one, says it here and nowhere else. */
function unproven({ unproven, findings }: RunRecord): Told {
  const finding = findings.find(({ message }) => message === unproven);
  const said: Line = [
    strong('Verdict: unproven.'),
    ' The relup is made and checked, and was not rehearsed on a node',
    ...(unproven === undefined
      ? ['.']
      : [': ', ...sentence(unproven.replace(/^The /, 'the ').replace(/\.?$/, '.'))]),
  ];
  const [first, ...more] = prose(finding?.remedy ?? '');
  const next = first?.kind === 'paragraph' ? first.line : REHEARSE;
  return { blocks: [box('warning', said, next), ...more], findings: finding === undefined ? [] : [finding] };
}

const REHEARSE: Line = ['only what was rehearsed is deployed: leave out ', code('rehearse: false'), '.'];

function failed(record: RunRecord, failure: NonNullable<RunRecord['failure']>): Block[] {
  const { nodeState, failedArtifact, findings } = record;
  const [message, ...pasted] = prose(failure.message);
  const lead =
    record.verdict === 'refused'
      ? 'Verdict: refused.'
      : nodeState === undefined
        ? 'Failed.'
        : 'The deploy failed.';
  const node = nodeState === undefined ? [] : [' The node is ', code(nodeState), '.'];
  const said: Line = [strong(lead), ' ', ...lineOf(message), ...node];
  const remedy = prose(failure.remedy ?? '');
  const [first, ...more] = remedy;
  const stopped = findings.some(isError) && first === undefined;
  const next = stopped ? MEND : lineOf(first);
  return [
    box('caution', said, next),
    ...pasted,
    ...more,
    ...moveTag(record),
    ...(failure.details === undefined || failure.details.trim() === ''
      ? []
      : [fold(['Details'], [codeBlock(lastPart(failure.details))])]),
    ...(failedArtifact === undefined
      ? []
      : [paragraph('Report, relup, appups and logs: ', ...artifactLine(failedArtifact), '.')]),
  ];
}

/** A refusal of what was tagged is mended by another commit, which the tag must name then. */
function moveTag({ verdict: is, refs, change }: RunRecord): Block[] {
  const tag = refs?.newTag;
  if (is !== 'refused' || tag === undefined || change !== undefined) return [];
  return [
    paragraph('If that changes files: commit them, have the tag name that commit, and push it again:'),
    codeBlock(`git tag --force ${tag} && git push --force origin ${tag}`),
  ];
}

const MEND: Line = ['do what stands under each finding below, and run this again for the corrected commit.'];

function lineOf(block: Block | undefined): Line {
  return block?.kind === 'paragraph' ? block.line : [];
}

/** What went wrong stands at the end of long output. */
function lastPart(text: string): string {
  const limit = 20_000;
  return text.length <= limit ? text : `…\n${text.slice(-limit)}`;
}

/** What the summary says when it cannot say all. */
export function tooLong(): Block[] {
  return [
    heading(2, 'The rest'),
    paragraph(
      'It is too long for a job summary. It is in the log, and in ',
      code('report.html'),
      ' and ',
      code('report.json'),
      ' if there are any.',
    ),
  ];
}
