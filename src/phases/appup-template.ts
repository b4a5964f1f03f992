import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sourceDir, versionFile } from '../shared/project-files.js';
import type { ApplicationChange, ModuleChanges } from '../shared/release-difference.js';
import type { AppupPlaces, AppupRequest } from './appup-sources.js';

export interface AppupTemplate {
  /** The file to write, relative to the project folder. */
  readonly file: string;
  /** A first version of it: every changed module in its simplest instruction. */
  readonly text: string;
  /** An existing file of the repository that an annotation can point at. */
  readonly annotate: string;
}

/** What to write for an application without a valid appup: the file's name and a text to start from. */
export function appupTemplate(
  need: AppupRequest & { readonly changes: readonly ApplicationChange[] },
  places: AppupPlaces,
  projectPath: string,
): AppupTemplate {
  const { application, version } = need;
  const { projectDir } = places;
  const file = `${sourceDir(projectDir, application) ?? 'appups'}/${application}.appup.src`;
  const annotate = existsSync(join(projectDir, file))
    ? join(projectPath, file)
    : versionFile(projectDir, projectPath, application);
  return { file, text: appupText(version, need.changes), annotate };
}

/** The appup as Erlang text. */
export function appupText(version: string, changes: readonly ApplicationChange[]): string {
  const up = changes.map(({ from, modules }) => entry(from as string, instructions(modules)));
  const down = changes.map(({ from, modules }) => entry(from as string, instructions(reversed(modules))));
  return `{"${version}",\n [${up.join(',\n  ')}],\n [${down.join(',\n  ')}]}.`;
}

function entry(version: string, list: readonly string[]): string {
  return `{"${version}", [${list.join(', ')}]}`;
}

function instructions({ added, changed, removed }: ModuleChanges): string[] {
  return [
    ...added.map((name) => `{add_module, ${atom(name)}}`),
    ...changed.map((name) => `{load_module, ${atom(name)}}`),
    ...removed.map((name) => `{delete_module, ${atom(name)}}`),
  ];
}

function reversed({ added, changed, removed }: ModuleChanges): ModuleChanges {
  return { added: removed, changed, removed: added };
}

/** An Erlang atom as source text. */
function atom(name: string): string {
  return /^[a-z][A-Za-z0-9_@]*$/.test(name)
    ? name
    : `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
