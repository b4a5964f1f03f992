import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { Location } from '../../shared/errors.js';
import { sourceDir, versionFile } from '../project-files.js';
import type { Instruction, SourcePlace, Step } from './facts.js';

/** Names files of the worktree as they are named in the user's repository. */
export interface Places {
  /** The new version's project folder in its worktree. */
  readonly projectDir: string;
  /** The project folder relative to the repository. */
  readonly projectPath: string;
}

/** Where an instruction stands: in the hand-written appup, else where the application's version is set. */
export function instructionPlace(places: Places, { appup }: Step, instruction?: Instruction): Location {
  if (appup.origin !== 'hand-written') return applicationPlace(places, appup.application);
  const line = instruction?.line ?? undefined;
  return { file: join(places.projectPath, appup.file), ...(line === undefined ? {} : { line }) };
}

/** Whether the application's sources are the project's; code of a dependency or of OTP is not its user's to change. */
export function isOwn({ projectDir }: Places, application: string): boolean {
  return sourceDir(projectDir, application) !== undefined;
}

/** What the project can do about its own code; about a dependency's, what helps without a change of it. */
export function remedyFor(places: Places, application: string, own: string): string {
  return isOwn(places, application)
    ? own
    : `${application} is not yours to change: have it restarted by {${application}, [{strategy, restart}]}. in relup.config, which ends its processes and what they serve; or write appups/${application}.appup.src, e.g. with instructions that stop and start these processes only; or restart the node into the full package.`;
}

/** The file of the repository where an application's version stands. */
export function applicationPlace({ projectDir, projectPath }: Places, application: string): Location {
  return { file: versionFile(projectDir, projectPath, application) };
}

/** A definition in the user's sources; undefined for one of a dependency or of OTP. */
export function sourceLocation(places: Places, place: SourcePlace | null): Location | undefined {
  if (place === null) return undefined;
  const projectDir = realpathSync(places.projectDir);
  const path = isAbsolute(place.file) ? place.file : join(projectDir, place.file);
  if (!existsSync(path)) return undefined;
  const name = relative(projectDir, realpathSync(path));
  if (name.startsWith('..') || name.startsWith('_build/')) return undefined;
  return { file: join(places.projectPath, name), line: place.line };
}
