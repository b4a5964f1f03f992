import { distinct, type Finding, isError } from '../model/finding.js';
import { deployed } from './deploy-summary.js';
import { generatedAppups } from './generated-appups.js';
import { code, codeBlock, fold, plain, table } from './markdown.js';
import { artifactLink, byHand, elsewhere, packages } from './package-summary.js';
import { applications, relup } from './plan-summary.js';
import { rehearsalSummary } from './rehearsal-summary.js';
import type { RunRecord } from './run-record.js';
import { versions } from './versions-summary.js';

/** The job summary: record → Markdown, verdict first, whatever is known. Pure. */
export function summaryOf(record: RunRecord): string {
  const sections = [
    title(record),
    verdict(record),
    failure(record),
    deployed(record),
    rehearsalSummary(record),
    findings(record),
    applications(record),
    generatedAppups(record),
    relup(record),
    packages(record),
    byHand(record),
    elsewhere(record),
    versions(record),
    phases(record),
  ];
  const text = `${sections.filter((section) => section !== '').join('\n\n')}\n`;
  if (Buffer.byteLength(text) <= LIMIT) return text;
  return `${[title(record), verdict(record), failure(record), TOO_LONG].filter((one) => one !== '').join('\n\n')}\n`;
}

/** GitHub drops a summary over 1 MiB as a whole. */
const LIMIT = 1_000_000;
const TOO_LONG =
  'The rest is too long for a job summary. It is in the log, and in `report.json` if there is one.';

function title({ release, upFrom, brought }: RunRecord): string {
  if (brought !== undefined) return `# ${plain(brought.name)} ${plain(brought.version)}: deploy`;
  if (release === undefined) return '# relup-action';
  const from =
    upFrom === undefined || upFrom.length === 0
      ? ''
      : ` from ${upFrom.map((one) => plain(one.version)).join(', ')}`;
  return `# ${plain(release.name)} ${plain(release.version)}${from === '' ? '' : `: upgrade${from}`}`;
}

const VERDICTS: Readonly<Record<string, string>> = {
  hot: 'proven on a node; the emulator keeps running.',
  restart: 'nodes must be restarted to run the new release; this is not a hot upgrade.',
  none: 'no earlier release is upgraded from; the package is for fresh installations.',
  refused: 'these two releases cannot be upgraded into each other as they are.',
  unproven: 'the relup is made and checked, and has not been rehearsed on a node.',
};

function verdict(record: RunRecord): string {
  if (record.verdict === undefined) return '';
  const why =
    record.verdict === 'unproven' && record.unproven !== undefined ? ` Why: ${plain(record.unproven)}.` : '';
  return `**Verdict: ${record.verdict}** – ${VERDICTS[record.verdict] ?? ''}${why.replace(/\.\.$/, '.')}`;
}

function failure({ failure, failedArtifact, findings }: RunRecord): string {
  if (failure === undefined) return '';
  const details =
    failure.details === undefined ? '' : `\n\n${fold('Details', codeBlock(lastPart(failure.details)))}`;
  const kept =
    failedArtifact === undefined ? '' : `\n\nReport, relup, appups and logs: ${artifactLink(failedArtifact)}`;
  const stopping = distinct(findings.filter(isError)).map(stopper).join('');
  return `## Failed\n\n${plain(failure.message)}${remedyText(failure.remedy)}${stopping}${details}${kept}`;
}

/** What stops a run is read first, and its remedy is often a text to paste. */
function stopper({ id, message, remedy }: Finding): string {
  const [sentence = '', ...more] = message.split('\n');
  const block = more.length === 0 ? '' : `\n\n${codeBlock(more.join('\n'), 'diff')}`;
  return `\n\n### ${code(id)}\n\n${plain(sentence)}${block}${remedyText(remedy)}`;
}

function remedyText(remedy: string | undefined): string {
  return remedy === undefined ? '' : `\n\n${codeBlock(remedy)}`;
}

/** What went wrong stands at the end of long output. */
function lastPart(text: string): string {
  const limit = 20_000;
  return text.length <= limit ? text : `…\n${text.slice(-limit)}`;
}

/** With a failure its errors stand above. */
function findings({ findings, failure }: RunRecord): string {
  const shown = distinct(findings).filter((finding) => failure === undefined || !isError(finding));
  if (shown.length === 0) return '';
  const rows = shown.map((finding) => [
    finding.severity,
    code(finding.id),
    plain(finding.message),
    plain(finding.remedy ?? ''),
  ]);
  return `## Findings\n\n${table(['', 'id', 'what', 'what to do'], rows)}`;
}

function phases({ phases }: RunRecord): string {
  if (phases.length === 0) return '';
  const rows = phases.map(({ name, seconds, ok }) => [
    plain(name),
    `${seconds.toFixed(1)} s`,
    ok ? 'ok' : 'failed',
  ]);
  return fold('Time of each phase', table(['phase', 'time', ''], rows));
}
