import { basename } from 'node:path';
import type { Tarball } from '../shared/tarball.js';
import { code, codeBlock, fold, plain, size, table } from './markdown.js';
import { reproduction } from './reproduce.js';
import type { UploadedFiles, RunRecord } from './run-record.js';

/** An artifact by its page, where it has one. */
export function artifactLink({ name, url }: UploadedFiles): string {
  return url === undefined ? code(name) : `[${plain(name)}](${url})`;
}

/** The packages with their SHA-256. */
export function packages({ packages, artifact, published }: RunRecord): string {
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
  const release =
    published === undefined
      ? ''
      : `\n\nGitHub release: [${plain(published.tag)}](${published.url})${published.draft ? ', a draft' : ''}`;
  return `## Packages\n\n${table(['file', 'size', 'SHA-256', 'for'], rows)}${link}${release}`;
}

/** The commands that a person would type on the node; not for releases with templates, which only the deploy step fills in. */
export function byHand({ release, packages, upgradeKind }: RunRecord): string {
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

/** The commands that make the same packages elsewhere. */
export function elsewhere(record: RunRecord): string {
  const commands = reproduction(record);
  return commands === undefined ? '' : fold('How to make it elsewhere', codeBlock(commands, 'sh'));
}
