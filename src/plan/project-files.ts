import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of a project application's sources, relative to the project folder; undefined for a dependency. rebar3 looks
 * into `src`, `apps/*` and `lib/*` unless told otherwise.
 */
export function sourceDir(projectDir: string, application: string): string | undefined {
  return ['src', `apps/${application}/src`, `lib/${application}/src`].find((dir) =>
    existsSync(join(projectDir, dir, `${application}.app.src`)),
  );
}

/** The file of the repository where an application's version stands: its `.app.src`, or rebar.config for a dependency. */
export function versionFile(projectDir: string, projectPath: string, application: string): string {
  const dir = sourceDir(projectDir, application);
  return join(projectPath, dir === undefined ? 'rebar.config' : `${dir}/${application}.app.src`);
}
