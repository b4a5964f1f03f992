import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployManifest } from '../../model/deploy-input.js';
import type { NodeSnapshot } from '../../model/node.js';
import type { NodeContext } from '../../node/node-context.js';

/** Processes that run old code of a module, or hold a reference to it. */
export interface OldCode {
  readonly module: string;
  readonly count: number;
  /** Some of them, for people: process, name, what it does, how it was begun. */
  readonly processes: readonly string[];
}

/** Asks which processes still run old code of some modules (H75, H77). @throws {ControlError} */
export async function readOldCode(
  { control, privateFolder, stepSeconds }: NodeContext,
  modules: readonly string[],
): Promise<OldCode[]> {
  if (modules.length === 0) return [];
  const list = join(privateFolder, `modules-${randomUUID()}`);
  await writeFile(list, modules.map((name) => `${name}\n`).join(''));
  try {
    return await control.call<OldCode[]>('old-code', [list], stepSeconds);
  } finally {
    await rm(list, { force: true });
  }
}

/** Loaded modules that the release of the manifest has with other code, or not any more. Pure. */
export function changedModules(
  { modules }: NodeSnapshot,
  manifest: Pick<DeployManifest, 'applications'>,
): string[] {
  const codes = new Map(manifest.applications.flatMap((application) => Object.entries(application.modules)));
  return modules
    .filter(({ name, file, code }) => file !== 'preloaded' && codes.get(name) !== code)
    .map(({ name }) => name);
}

/** `<n> processes (module a: <0.1.0> …)`; for a sentence. */
export function oldCodeText(found: readonly OldCode[]): string {
  const count = found.reduce((sum, one) => sum + one.count, 0);
  const modules = found.map(({ module, processes: [first] }) => `${module} (${first ?? ''})`);
  const shown = modules.slice(0, 3).join('; ');
  const more = modules.length > 3 ? `; and ${modules.length - 3} more modules` : '';
  return `${count} ${count === 1 ? 'process' : 'processes'}: ${shown}${more}`;
}
