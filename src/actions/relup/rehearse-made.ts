import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../build/repository.js';
import type { Assembly } from '../../build/version.js';
import type { Correction } from '../../model/correction.js';
import type { Packages } from '../../model/package.js';
import type { Rehearsal } from '../../model/rehearsal.js';
import type { BuiltRelease } from '../../model/release.js';
import type { Erlang } from '../../programs/erlang.js';
import { sourceDir } from '../../plan/project-files.js';
import { prove, type Made } from '../../rehearsal/prove.js';
import { endProcessesBelow } from '../../programs/processes.js';
import type { RehearsalOptions } from '../../rehearsal/rehearsal-options.js';
import { rehearse } from '../../rehearsal/rehearse.js';
import type { Workspace } from '../../shared/workspace.js';
import type { Note } from '../run.js';
import type { RelupInputs } from './relup-inputs.js';

export interface RehearsalPhase {
  readonly inputs: RelupInputs;
  readonly project: Project;
  readonly erlang: Erlang;
  readonly workspace: Workspace;
  readonly release: BuiltRelease;
  readonly assembly: Assembly;
  readonly upFrom: readonly BuiltRelease[];
  /** Makes appups, relup and packages anew with these corrections. */
  readonly make: (corrections: readonly Correction[]) => Promise<Made>;
  readonly note: Note;
  readonly keep?: RehearsalOptions['keep'];
}

/**
 * Proves a hot upgrade, unless that is switched off.
 *
 * @returns what was proven: it may have been made anew
 * @throws {RefusedError} when it is not what should be shipped
 */
export async function rehearseMade(made: Made, phase: RehearsalPhase): Promise<Made> {
  const { inputs, project, release, make, note } = phase;
  if (inputs.rehearse === 'false') {
    note({ unproven: 'the input `rehearse` is false' });
    return made;
  }
  return prove(made, {
    rehearse: (packages, number) => attempt(phase, packages, number),
    make,
    version: release.version,
    required: inputs.rehearse === 'required',
    projectPath: project.path,
    sourceOf: (application, module) => sourceOf(phase, application, module),
    note,
  });
}

function sourceOf({ assembly, project }: RehearsalPhase, application: string, module: string) {
  const dir = sourceDir(assembly.projectDir, application);
  const file = join(dir ?? '', `${module}.erl`);
  if (dir === undefined || !existsSync(join(assembly.projectDir, file))) return undefined;
  return { file: join(project.path, file) };
}

async function attempt(phase: RehearsalPhase, packages: Packages, number: number): Promise<Rehearsal> {
  const { inputs, project, erlang, workspace, release, assembly, upFrom } = phase;
  if (packages.upgrade === undefined) throw new Error('there is nothing to rehearse');
  const rehearsals = await workspace.folder('rehearsal');
  // What an attempt before was asked to keep is of no use any more.
  if (phase.keep !== undefined) endProcessesBelow(rehearsals);
  return rehearse({
    erlang,
    folder: join(rehearsals, String(number)),
    logFolder: logFolder(workspace),
    release,
    buildDir: join(assembly.buildDir, 'lib'),
    full: packages.full.path,
    upgrade: packages.upgrade.path,
    upFrom,
    check: inputs.check,
    checkFolder: project.dir,
    timeoutSeconds: inputs.rehearseTimeout,
    nodeName: inputs.nodeName,
    cluster: inputs.rehearseCluster,
    keep: phase.keep,
  });
}

/** Where the nodes' output is kept until the end of the run. */
export function logFolder(workspace: Workspace): string {
  return join(workspace.dir, 'rehearsal-logs');
}
