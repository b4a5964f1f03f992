import { debug, info } from '@actions/core';
import type { Project } from '../../build/repository.js';
import type { Finding } from '../../model/finding.js';
import type { Refs, UpFromChoice } from '../../model/refs.js';
import { findPublished, type Found, type NotFound } from '../../published/find.js';
import { GithubError } from '../../published/github-failure.js';
import { missingForGithub, openRepository, type Repository } from '../../published/repository.js';
import { takePublished } from '../../published/take.js';
import { ActionError } from '../../shared/errors.js';
import { sha256 } from '../../shared/sha256.js';
import { neutralise } from '../../shared/workflow-commands.js';
import type { Note, Run } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

type Ref = Extract<UpFromChoice, { readonly kind: 'ref' }>;

interface Place {
  readonly inputs: RelupInputs;
  readonly project: Project;
  readonly run: Run;
}

/**
 * What was shipped is what is upgraded from: puts the package of a GitHub release in the place of the tag that would be built,
 * where there is one.
 *
 * @throws {ActionError} when a published package must be taken and there is none, or it is not what was published
 */
export async function takePublishedPackages(refs: Refs, place: Place): Promise<Refs> {
  if (!refs.upFrom.some((choice) => choice.kind === 'ref' && choice.published !== undefined)) return refs;
  const required = refs.upFrom.some((choice) => choice.kind === 'ref' && choice.published === 'required');
  const missing = required ? undefined : missingForGithub(place.inputs.githubToken, process.env);
  if (missing !== undefined) {
    debug(`GitHub's releases are not looked at: ${missing}.`);
    return refs;
  }
  return place.run.phase('Published packages', async (note) => {
    const repository = await openRepository(place.inputs.githubToken);
    const upFrom: UpFromChoice[] = [];
    for (const choice of refs.upFrom)
      upFrom.push(await published(choice, { ...place, refs, repository, note }));
    const tags = upFrom.flatMap((one) =>
      one.kind === 'tarball' && one.published ? [one.published.tag] : [],
    );
    const reason =
      tags.length === 0
        ? refs.reason
        : `${refs.reason} The package of the GitHub release ${tags.join(', ')} is taken, and nothing of it built.`;
    const taken = { ...refs, upFrom, reason };
    note({ refs: taken });
    return taken;
  });
}

async function published(
  choice: UpFromChoice,
  place: Place & { readonly refs: Refs; readonly repository: Repository; readonly note: Note },
): Promise<UpFromChoice> {
  if (choice.kind !== 'ref' || choice.published === undefined) return choice;
  const { inputs, project, run, refs, repository, note } = place;
  const { ref: tag, commit } = choice;
  const folder = await run.workspace.folder('published', sha256(tag).slice(0, 12));
  const isReleaseTag = refs.candidates.some((one) => one.tag === tag && one.version !== undefined);
  const wanted = { tag, isReleaseTag, projectPath: project.path, release: inputs.release };
  const found = await lookedUp(choice, note, () => findPublished(repository, wanted, folder));
  if (found === undefined) return choice;
  if ('why' in found) {
    if (choice.published === 'required') throw nothingPublished(tag, found.why);
    info(neutralise(`${tag} is built: ${found.why}.`));
    return choice;
  }
  if (choice.deployed === true && found.manifest.commit !== commit) {
    const made = found.manifest.commit.slice(0, 7);
    info(`${tag} is built: what runs was made of ${commit.slice(0, 7)}, its published package of ${made}.`);
    return choice;
  }
  const { findings, ...taken } = await takePublished(repository, { found, commit, folder });
  note({ findings });
  return { kind: 'tarball', path: taken.path, published: { tag, commit: taken.commit } };
}

/** Where a package is only preferred, GitHub's not answering must not end the run. */
async function lookedUp(
  { ref: tag, published: how }: Ref,
  note: Note,
  find: () => Promise<Found | NotFound>,
): Promise<Found | NotFound | undefined> {
  try {
    return await find();
  } catch (error) {
    if (how === 'required' || !(error instanceof GithubError)) throw error;
    const finding: Finding = {
      id: 'published-unknown',
      severity: 'warning',
      message: `${tag} is built, because nobody knows whether it was published: ${error.message}`,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    };
    note({ findings: [finding] });
    return undefined;
  }
}

function nothingPublished(tag: string, why: string): ActionError {
  return new ActionError(`upgrade-from: there is no published package of ${tag}: ${why}.`, {
    remedy: `Write \`upgrade-from: ${tag}\` to build the tag instead. \`publish: release\` attaches the packages from now on.`,
  });
}
