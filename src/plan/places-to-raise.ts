import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VersionToRaise } from '../model/answer.js';
import type { RaisedVersion, RaisedVersions } from '../model/raised.js';
import { versionLocation } from './version-location.js';

/** Whether rebar3 made a version of git for a commit behind its tag: the tag will say another one. Pure. */
export function isBehindTag(version: string): boolean {
  return version.includes('+build.');
}

/** Where a person raises what a check raised; not what git makes, which a tag raises. */
export function placesToRaise(
  { release, applications }: RaisedVersions,
  projectDir: string,
  projectPath: string,
): VersionToRaise[] {
  const inFile = ({ version }: RaisedVersion): boolean => !isBehindTag(version);
  const config = existsSync(join(projectDir, 'relx.config')) ? 'relx.config' : 'rebar.config';
  return [
    ...(release === undefined ? [] : [release]).filter(inFile).map(({ name, version }) => ({
      what: `the release ${name}`,
      version,
      location: { file: join(projectPath, config) },
    })),
    ...applications.filter(inFile).map(({ name, version }) => ({
      what: name,
      version,
      location: versionLocation(projectDir, projectPath, name),
    })),
  ];
}
