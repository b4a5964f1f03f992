import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChosenAppup } from '../../model/appup.js';

/** A generated appup beside the packages, for a person to adopt. */
interface AppupFile {
  /** Absolute path, `<folder>/appups/<application>.appup.src`. */
  readonly path: string;
  readonly text: string;
}

/** Where the generated appups lie in the result folder. Pure. */
export function appupFiles(folder: string, appups: readonly ChosenAppup[]): AppupFile[] {
  return appups.flatMap(({ application, text }) =>
    text === undefined ? [] : [{ path: join(folder, 'appups', `${application}.appup.src`), text }],
  );
}

/** Writes them. */
export async function writeAppupFiles(folder: string, appups: readonly ChosenAppup[]): Promise<void> {
  for (const { path, text } of appupFiles(folder, appups)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
