import { info, notice } from '@actions/core';
import type { RunRecord } from '../../report/run-record.js';
import { publishFiles } from '../../published/publish.js';
import type { Note, Run } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

/**
 * Attaches packages and manifest to the GitHub release of the tag that the workflow runs for; of another run only says why not.
 *
 * @throws {ActionError} as `publishFiles`
 */
export async function publishRelease(inputs: RelupInputs, run: Run, note: Note): Promise<void> {
  const { refs, packages, manifest } = run.record;
  if (refs === undefined || packages === undefined || manifest === undefined) {
    throw new Error('there is nothing to publish');
  }
  const { GITHUB_REF_TYPE: type, GITHUB_REF_NAME: name } = process.env;
  if (type !== 'tag' || name === undefined || name !== refs.newTag) {
    notice(
      `Nothing is published: this workflow run is not for the tag of the new release (${type ?? 'run'} ${name ?? 'without a ref'}).`,
    );
    return;
  }
  const made = [packages.full, packages.upgrade, packages.debug].flatMap((one) => one?.path ?? []);
  const published = await publishFiles({
    token: inputs.githubToken,
    tag: name,
    commit: refs.newCommit,
    preRelease: refs.preRelease === true,
    notes: notesOf(run.record),
    files: [...made, manifest],
    overwrite: inputs.overwrite,
    workFolder: await run.workspace.folder('published'),
  });
  const { tag, url, draft } = published;
  note({ published: { tag, url, draft } });
  info(`Published: GitHub release ${tag}${draft ? ', still a draft' : ''} (${url})`);
}

/** What users of a release want to know first. */
function notesOf({ release, upFrom = [], verdict }: RunRecord): string {
  const from = upFrom.map(({ version }) => version).join(', ');
  const what = `${release?.name} ${release?.version}`;
  const how = from === '' ? 'for fresh installations' : `upgrade from ${from}, verdict \`${verdict}\``;
  return `${what}: ${how}. \`sha256sum --check --ignore-missing SHA256SUMS\` checks the files.`;
}
