import { info } from '@actions/core';
import type { Builds } from '../../build/build.js';
import type { BuildContext } from '../../build/version.js';
import { versionsToRaise } from '../../plan/unraised.js';
import { placesToRaise } from '../../plan/places-to-raise.js';
import type { Note } from '../run.js';

/** For a check: versions that a tag will have to raise are raised in this run, and nowhere else. */
export async function raiseVersions(builds: Builds, context: BuildContext, note: Note): Promise<Builds> {
  const { erlang, workspace, projectPath } = context;
  const { release, upFrom, assembly } = builds;
  const outFolder = await workspace.folder('unraised');
  const raised = await versionsToRaise({ erlang, release, upFrom, places: assembly, outFolder });
  if (raised === undefined) return builds;
  note({ raised, toRaise: placesToRaise(raised, assembly.projectDir, projectPath) });
  const seen = [
    ...(raised.release === undefined ? [] : [{ ...raised.release, kind: 'release' }]),
    ...raised.applications.map((one) => ({ ...one, kind: 'application' })),
  ];
  for (const { kind, name, version, raised: here } of seen) {
    info(`The ${kind} ${name} ${version} counts as ${here} in this run.`);
  }
  return { ...builds, ...(await builds.raise(raised)) };
}
