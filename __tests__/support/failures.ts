import { chmodSync, existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runAction, type ActionOptions, type ActionRun } from './action.js';
import { fileHashes } from './file-hashes.js';
import { temporaryFolder, type TestRepository } from './repository.js';

const kept: string[] = [];

/** Removes what a test file made; to be called in `afterAll`. */
export function removeKept(): void {
  for (const dir of kept.splice(0)) rmSync(dir, { recursive: true, force: true });
}

/** Has a repository removed at the end. */
export function keep<T extends Pick<TestRepository, 'dir'>>(repository: T): T {
  kept.push(repository.dir);
  return repository;
}

/** A new folder, removed at the end. */
export function folder(): string {
  const made = temporaryFolder();
  kept.push(made);
  return made;
}

export interface Failure {
  readonly run: ActionRun;
  /** The one annotation: sentence and remedy, properties first. */
  readonly message: string;
}

/**
 * Runs the action without an upload, and checks what holds for every failure: red, one annotation, nothing left behind,
 * and the user's tree as it was.
 */
export async function fails(
  repository: Pick<TestRepository, 'dir'>,
  inputs: Readonly<Record<string, string>> = {},
  more: Partial<ActionOptions> = {},
): Promise<Failure> {
  const before = fileHashes(repository.dir);
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false', ...inputs }, ...more });
  expect(fileHashes(repository.dir)).toEqual(before);
  return failure(run);
}

/** The same for a run that has ended. */
export function failure(run: ActionRun): Failure {
  expect(run.exitCode, run.log).toBe(1);
  const errors = run.log.match(/^::error .*$/gm) ?? [];
  expect(errors, run.log).toHaveLength(1);
  expect(run.log).not.toContain('defect of relup-action');
  expect(existsSync(join(run.temp, 'relup-action'))).toBe(false);
  // What lies there is what the outputs lead to.
  if (run.outputs.tarball === undefined && existsSync(run.temp)) {
    // of this run, or of one before that had the same folder
    const isExplained = (name: string) => existsSync(join(run.temp, name, 'report.json'));
    const kept = readdirSync(run.temp).filter((name) => name.startsWith('relup-') && !isExplained(name));
    expect(kept).toEqual([]);
    const files = readdirSync(run.temp, { recursive: true }).map(String);
    expect(files.filter((name) => name.endsWith('.tar.gz'))).toEqual([]);
  }
  const message = (errors[0] as string)
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%')
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':');
  return { run, message };
}

/** A folder with everything that is on the PATH but some programs, which are replaced by shell scripts or missing. */
export function pathWith(programs: Readonly<Record<string, string | undefined>>): string {
  const dir = folder();
  const found = new Map<string, string>();
  for (const place of (process.env.PATH ?? '').split(':').toReversed()) {
    for (const name of existsSync(place) ? readdirSync(place) : []) found.set(name, join(place, name));
  }
  for (const [name, target] of found) symlinkSync(target, join(dir, name));
  for (const [name, text] of Object.entries(programs)) {
    rmSync(join(dir, name), { force: true });
    if (text === undefined) continue;
    writeFileSync(join(dir, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
}
