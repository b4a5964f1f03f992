import { basename } from 'node:path';
import { type Block, code, fold, heading, type Line, list, paragraph, table } from '../document/blocks.js';
import type { RunRecord } from '../run-record.js';

/** Rows of a table that may have thousands. */
const ROWS = 300;

type Source = NonNullable<RunRecord['upFrom']>[number]['source'];

/** Which versions were built, from what, and why these. */
export function versions({ refs, release, upFrom = [], toolchain }: RunRecord): Block[] {
  if (refs === undefined) return [];
  const { newRef: ref, newCommit: commit } = refs;
  const items: Line[] = [
    ['new: ', code(release?.version ?? ref), ...sourceLine({ kind: 'ref', ref, commit })],
    ...upFrom.map(({ version, source }): Line => ['up-from: ', code(version), ...sourceLine(source)]),
    ...(toolchain === undefined
      ? []
      : [
          [
            `built with OTP ${toolchain.otpVersion} (ERTS ${release?.erts ?? toolchain.erts}) and rebar3 ${toolchain.rebar3} on ${toolchain.architecture}`,
          ],
        ]),
  ];
  return [heading(2, 'Versions'), list(items), fold(['How the up-from version was chosen'], chosen(refs))];
}

function sourceLine(
  source: Pick<Extract<Source, { ref: string }>, 'kind' | 'ref' | 'commit'> | Source,
): Line {
  if (source.kind === 'tarball') {
    const { published, path } = source;
    return published === undefined
      ? [', the package ', code(basename(path))]
      : [`, ${published.tag} (published), commit `, code(published.commit.slice(0, 12))];
  }
  const cached = source.kind === 'cache' ? ' (cached)' : '';
  return [`, ${source.ref}${cached}, commit `, code(source.commit.slice(0, 12))];
}

function chosen({ reason, candidates }: NonNullable<RunRecord['refs']>): Block[] {
  const shown = candidates.filter(({ taken }, index) => taken || index < ROWS);
  const rest = candidates.length - shown.length;
  const rows: Line[][] = [
    ...shown.map(({ tag, taken, why }): Line[] => [[code(tag)], [taken ? 'yes' : 'no'], [why]]),
    ...(rest > 0 ? [[[`${rest} more`], ['no'], ['see the log']]] : []),
  ];
  return [paragraph(reason), ...(rows.length === 0 ? [] : [table(['tag', 'taken', 'why'], rows)])];
}
