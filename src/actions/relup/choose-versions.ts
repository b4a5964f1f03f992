import type { Project } from '../../build/repository.js';
import type { Refs } from '../../model/refs.js';
import { publishedTags } from '../../published/tags.js';
import { chooseRefs } from '../../refs/refs.js';
import { logRefs } from '../../report/log.js';
import { defined } from '../../shared/optional.js';
import type { Note } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

/** Decides which release is made and which are upgraded from, by the workflow's event. @throws as `chooseRefs` */
export async function chooseVersions(inputs: RelupInputs, project: Project, note: Note): Promise<Refs> {
  const { upgradeFrom, tagPattern, profile, release, prepare } = inputs;
  const { GITHUB_REF_TYPE: refType, GITHUB_REF_NAME: refName, GITHUB_EVENT_NAME: eventName } = process.env;
  const refs = await chooseRefs(project.git, {
    upgradeFrom,
    tagPattern,
    baseDir: project.dir,
    event: defined({ refType, refName, eventName }),
    ...defined({ deployRoot: inputs.deploy?.deployRoot }),
    publishedTags: () => publishedTags(inputs.githubToken),
  });
  logRefs(refs);
  note({ refs, build: { profile, release, prepared: prepare.trim() !== '', projectPath: project.path } });
  return refs;
}
