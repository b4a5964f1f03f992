import { basename } from 'node:path';
import type { AppupEntry, ChosenAppup } from '../model/appup.js';
import type { NodeSummary } from '../model/deploy.js';
import { entryText } from '../model/deploy.js';
import { distinct, type Finding, isError } from '../model/finding.js';
import { releasesText } from '../model/node.js';
import type { ApplicationChange } from '../model/release-difference.js';
import type { RelupScript } from '../model/relup.js';
import type { Tarball } from '../shared/tarball.js';
import { generatedAppups } from './generated-appups.js';
import { code, codeBlock, fold, plain, size, table } from './markdown.js';
import { rehearsalSummary } from './rehearsal-summary.js';
import { reproduction } from './reproduce.js';
import type { RunRecord, UploadedFiles } from './run-record.js';

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

/** Rows of a table that may have thousands. */
const ROWS = 300;

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
  restart: 'nodes must be restarted to run the new release; this is no hot upgrade.',
  none: 'there is no earlier release to upgrade from; the package is for fresh installations.',
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

function artifactLink({ name, url }: UploadedFiles): string {
  return url === undefined ? code(name) : `[${plain(name)}](${url})`;
}

/** What went wrong stands at the end of long output. */
function lastPart(text: string): string {
  const limit = 20_000;
  return text.length <= limit ? text : `…\n${text.slice(-limit)}`;
}

function deployed(record: RunRecord): string {
  const { deployed, nodeState } = record;
  if (nodeState === undefined) return '';
  if (deployed === undefined) return `## Deploy\n\nThe node is ${code(nodeState)}.${journal(record)}`;
  const { deployedVersion, before, after } = deployed;
  const row = (when: string, node: NodeSummary): string[] => [
    when,
    code(releasesText(node.releases)),
    code(node.osPid),
    new Date(node.startedAt).toISOString(),
  ];
  const rows = [row('before', before), row('after', after)];
  return `## Deploy\n\nThe node ${code(after.node)} is ${code(nodeState)} and runs ${code(deployedVersion)}.\n\n${table(
    ['', 'releases', 'process id', 'emulator started'],
    rows,
  )}${journal(record)}`;
}

function journal({ journal = [] }: RunRecord): string {
  if (journal.length === 0) return '';
  return `\n\n${fold('Journal', codeBlock(journal.map(entryText).join('\n')))}`;
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

function applications(record: RunRecord): string {
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

function relup({ relup }: RunRecord): string {
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

function packages({ packages, artifact }: RunRecord): string {
  if (packages === undefined) return '';
  const row = (use: string, one: Tarball): string[] => [
    code(basename(one.path)),
    size(one.size),
    code(one.sha256),
    use,
  ];
  const rows = [row('fresh installations', packages.full)];
  if (packages.upgrade !== undefined) rows.push(row('running nodes', packages.upgrade));
  const link = artifact === undefined ? '' : `\n\nArtifact: ${artifactLink(artifact)}`;
  return `## Packages\n\n${table(['file', 'size', 'SHA-256', 'for'], rows)}${link}`;
}

function byHand({ release, packages, upgradeKind }: RunRecord): string {
  if (release === undefined || packages?.upgrade === undefined || upgradeKind !== 'hot') return '';
  const { name, version } = release;
  const template = `releases/${version}/sys.config.src`;
  if (packages.full.files.some(({ path }) => path === template)) {
    return fold(
      'How to apply it by hand',
      `Use the deploy step (\`deploy: true\`, or the action \`deploy/\`): ${code(template)} is a template that an upgrade by hand does not fill in, and the node would go on with an empty configuration.`,
    );
  }
  const lines = [
    '# in the folder where the running release is installed, as its user and with its environment',
    `cp ${basename(packages.upgrade.path)} releases/${name}-${version}.tar.gz`,
    `bin/${name} upgrade ${version}`,
    `bin/${name} versions`,
  ];
  return fold('How to apply it by hand', codeBlock(lines.join('\n'), 'sh'));
}

function elsewhere(record: RunRecord): string {
  const commands = reproduction(record);
  return commands === undefined ? '' : fold('How to make it elsewhere', codeBlock(commands, 'sh'));
}

function versions({ refs, release, upFrom, toolchain }: RunRecord): string {
  if (refs === undefined) return '';
  const rows = [
    [
      'new',
      plain(release?.version ?? ''),
      plain(refs.newRef),
      code(refs.newCommit.slice(0, 12)),
      plain(release?.erts ?? ''),
    ],
    ...(upFrom ?? []).map((one) => [
      'up-from',
      plain(one.version),
      ...sourceCells(one.source),
      plain(one.erts),
    ]),
  ];
  const built =
    toolchain === undefined
      ? ''
      : `\n\nBuilt with OTP ${plain(toolchain.otpVersion)} and rebar3 ${plain(toolchain.rebar3)} on ${plain(toolchain.architecture)}.`;
  const shown = refs.candidates.filter(({ taken }, index) => taken || index < ROWS);
  const rest = refs.candidates.length - shown.length;
  const candidates = table(
    ['tag', 'taken', 'why'],
    [
      ...shown.map(({ tag, taken, why }) => [code(tag), taken ? 'yes' : 'no', plain(why)]),
      ...(rest > 0 ? [[`${rest} more`, 'no', 'see the log']] : []),
    ],
  );
  const why = fold('How the up-from version was chosen', `${plain(refs.reason)}\n\n${candidates}`);
  return `## Versions\n\n${table(['', 'release version', 'ref', 'commit', 'ERTS'], rows)}${built}\n\n${why}`;
}

function sourceCells(source: NonNullable<RunRecord['upFrom']>[number]['source']): string[] {
  if (source.kind === 'tarball') return [code(basename(source.path)), '–'];
  return [
    plain(source.kind === 'cache' ? `${source.ref} (cached)` : source.ref),
    code(source.commit.slice(0, 12)),
  ];
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
