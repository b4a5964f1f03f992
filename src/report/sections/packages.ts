import { basename } from 'node:path';
import type { Tarball } from '../../shared/tarball.js';
import {
  type Block,
  code,
  codeBlock,
  fold,
  heading,
  type Line,
  paragraph,
  table,
} from '../document/blocks.js';
import { size } from '../figures.js';
import { reproduction } from '../reproduce.js';
import type { RunRecord, UploadedFiles } from '../run-record.js';

/** An artifact by its page, where it has one. */
export function artifactLine({ name, url }: UploadedFiles): Line {
  return url === undefined ? [code(name)] : [{ link: name, url }];
}

/** The packages; their SHA-256 in the form that `sha256sum --check` reads. */
export function packages({ packages, artifact, published, attestation }: RunRecord): Block[] {
  if (packages === undefined) return [];
  const { full, upgrade, debug } = packages;
  const made = [
    ['fresh installations', full],
    ['running nodes', upgrade],
    ['the next build', debug],
  ].filter((one): one is [string, Tarball] => one[1] !== undefined);
  const rows = made.map(([use, one]) => [[code(basename(one.path))], [`${use}, ${size(one.size)}`]]);
  const sums = made.map(([, { sha256, path }]) => `${sha256}  ${basename(path)}`);
  return [
    heading(2, 'Packages'),
    table(['package', 'for'], rows),
    fold(['SHA-256'], [codeBlock(sums.join('\n'))]),
    ...(artifact === undefined ? [] : [paragraph('Artifact: ', ...artifactLine(artifact))]),
    ...(published === undefined
      ? []
      : [
          paragraph(
            'GitHub release: ',
            { link: published.tag, url: published.url },
            published.draft ? ', a draft' : '',
          ),
        ]),
    ...(attestation === undefined
      ? []
      : [paragraph('Attestation of who made them: ', { link: attestation.id, url: attestation.url })]),
  ];
}

/** The commands that a person would type on the node; not for releases with templates, which only the deploy step fills in. */
export function byHand({ release, packages, upgradeKind }: RunRecord): Block[] {
  if (release === undefined || packages?.upgrade === undefined || upgradeKind !== 'hot') return [];
  const { name, version } = release;
  const template = `releases/${version}/sys.config.src`;
  const title: Line = ['How to apply it by hand'];
  if (packages.full.files.some(({ path }) => path === template)) {
    return [
      fold(title, [
        paragraph(
          'Use the deploy step (',
          code('deploy: true'),
          ', or the action ',
          code('deploy/'),
          '): ',
          code(template),
          ' is a template that an upgrade by hand does not fill in, and the node would go on with an empty configuration.',
        ),
      ]),
    ];
  }
  const lines = [
    '# in the folder where the running release is installed, as its user and with its environment',
    `cp ${basename(packages.upgrade.path)} releases/${name}-${version}.tar.gz`,
    `bin/${name} upgrade ${version}`,
    `bin/${name} versions`,
  ];
  return [fold(title, [codeBlock(lines.join('\n'), 'sh')])];
}

/** The commands that make the same packages elsewhere. */
export function elsewhere(record: RunRecord): Block[] {
  const commands = reproduction(record);
  return commands === undefined ? [] : [fold(['How to make it elsewhere'], [codeBlock(commands, 'sh')])];
}
