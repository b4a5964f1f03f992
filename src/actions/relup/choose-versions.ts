import type { Project } from '../../build/repository.js';
import type { Refs } from '../../model/refs.js';
import type { Git } from '../../programs/git.js';
import { publishedTags } from '../../published/tags.js';
import { commitBefore, type ChangeHints } from '../../refs/commit-before.js';
import { chooseRefs } from '../../refs/refs.js';
import { logRefs } from '../../report/log.js';
import { defined } from '../../shared/optional.js';
import type { Note } from '../run.js';
import { eventPayload } from '../trusted-run.js';
import type { EventPayload } from '../untrusted-event.js';
import type { RelupInputs } from './relup-inputs.js';

/** Decides which release is made and which are upgraded from, by the workflow's event. @throws as `chooseRefs` */
export async function chooseVersions(inputs: RelupInputs, project: Project, note: Note): Promise<Refs> {
  const { upgradeFrom, tagPattern, profile, release, prepare } = inputs;
  const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName, GITHUB_EVENT_NAME: eventName } = process.env;
  const change = inputs.mode === 'check' ? changeHints(eventPayload(process.env)) : undefined;
  const refs = await chooseRefs(project.git, {
    upgradeFrom,
    tagPattern,
    baseDir: project.dir,
    event: defined({ refType, refName, eventName }),
    ...defined({ deployRoot: inputs.deploy?.deployRoot, change }),
    publishedTags: () => publishedTags(inputs.githubToken),
  });
  logRefs(refs);
  if (change !== undefined) note({ change: await changedFiles(project.git, change, refs) });
  note({ refs, build: { profile, release, prepared: prepare.trim() !== '', projectPath: project.path } });
  return refs;
}

function changeHints({ pull_request: pullRequest, merge_group: group, before }: EventPayload): ChangeHints {
  return defined({
    base: pullRequest?.base?.sha ?? group?.base_sha ?? before,
    head: pullRequest?.head?.sha,
  });
}

/** What annotations can point at: the files of the change itself, not of all that came since the up-from release. */
async function changedFiles(git: Git, change: ChangeHints, { newCommit, upFrom }: Refs): Promise<string[]> {
  const [first] = upFrom;
  const from = (await commitBefore(git, change)) ?? (first?.kind === 'ref' ? first.commit : undefined);
  return from === undefined ? [] : git.changedFiles(from, newCommit);
}
