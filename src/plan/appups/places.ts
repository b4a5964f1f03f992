import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sourceDir, versionFile } from '../project-files.js';

/** Where an application's own appup belongs. */
export interface AppupPlace {
  /** The `.appup.src`, relative to the project folder: beside the application's sources, or `appups/` for a dependency. */
  readonly file: string;
  /** An existing file of the repository that an annotation can point at. */
  readonly annotate: string;
}

/** Where a person would save an application's appup. */
export function appupPlace(application: string, projectDir: string, projectPath: string): AppupPlace {
  const folder = sourceDir(projectDir, application) ?? 'appups';
  const files = ['appup.src', 'appup'].map((extension) => `${folder}/${application}.${extension}`);
  const file = files.find((one) => existsSync(join(projectDir, one))) ?? `${folder}/${application}.appup.src`;
  const annotate = existsSync(join(projectDir, file))
    ? join(projectPath, file)
    : versionFile(projectDir, projectPath, application);
  return { file, annotate };
}
