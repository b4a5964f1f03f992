import { basename } from 'node:path';
import { code, fold, plain, table } from './markdown.js';
import type { RunRecord } from './run-record.js';

/** Rows of a table that may have thousands. */
const ROWS = 300;

/** Which versions were built, from what, and why these. */
export function versions({ refs, release, upFrom, toolchain }: RunRecord): string {
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
  if (source.kind === 'tarball') {
    const { published, path } = source;
    return published === undefined
      ? [code(basename(path)), '–']
      : [`${plain(published.tag)} (published)`, code(published.commit.slice(0, 12))];
  }
  return [
    plain(source.kind === 'cache' ? `${source.ref} (cached)` : source.ref),
    code(source.commit.slice(0, 12)),
  ];
}
