import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from '../shared/errors.js';
import { sourceDir, versionFile } from './project-files.js';

/**
 * The line to edit for another application version: that of `{vsn, …}` in the `.app.src`, or of the dependency in
 * rebar.config. Without a line when the file says it in a way that cannot be found.
 */
export function versionLocation(projectDir: string, projectPath: string, application: string): Location {
  const file = versionFile(projectDir, projectPath, application);
  const dir = sourceDir(projectDir, application);
  const path = join(projectDir, dir === undefined ? 'rebar.config' : `${dir}/${application}.app.src`);
  const pattern = dir === undefined ? new RegExp(`\\{\\s*'?${escaped(application)}'?\\s*,`) : /\{\s*vsn\s*,/;
  const line = lineOf(path, pattern);
  return { file, ...(line === undefined ? {} : { line }) };
}

function lineOf(path: string, pattern: RegExp): number | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // rebar.config.script alone may do
  }
  const found = pattern.exec(text.replaceAll(/%[^\n]*/g, ''));
  return found === null
    ? undefined
    : text
        .replaceAll(/%[^\n]*/g, '')
        .slice(0, found.index)
        .split('\n').length;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
