import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { deployRelease, type DeployOptions } from '../../src/deploy/deploy.js';
import type { DeployResult } from '../../src/model/deploy.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { buildHelloworld, packHelloworld, type Helloworld, type TestPackage } from './helloworld-package.js';
import { temporaryFolder } from './repository.js';
import type { InstalledRelease } from './running-release.js';
import { sharedErlang } from './shared-erlang.js';

/** helloworld 0.1.0 and 0.2.0, built, and a good package that upgrades from one to the other. */
export class Deploying {
  private constructor(
    readonly folder: string,
    readonly erlang: Erlang,
    readonly built: Helloworld,
    readonly good: TestPackage,
  ) {}

  /** @param change edits both projects before they are built */
  static async prepare(change?: (project: string) => void): Promise<Deploying> {
    const folder = temporaryFolder();
    const erlang = await sharedErlang(folder);
    const built = await buildHelloworld(change === undefined ? {} : { old: change, new: change });
    return new Deploying(folder, erlang, built, await packHelloworld(erlang, built));
  }

  /** Another package; `change` edits its files before they are packed. */
  pack(change: (tree: string) => void): Promise<TestPackage> {
    return packHelloworld(this.erlang, this.built, change);
  }

  /** Of a node that runs before and after. */
  async deploy(
    installed: InstalledRelease,
    input: TestPackage = this.good,
    options: Partial<DeployOptions> = {},
  ): Promise<Required<Omit<DeployResult, 'dryRun'>>> {
    const { erlang, folder } = this;
    const privateFolder = mkdtempSync(join(folder, 'private-'));
    const deployRoot = installed.root;
    const quick = { watchSeconds: 20, health: { soak: 0 } };
    const result = await deployRelease({ erlang, deployRoot, privateFolder, ...quick, ...input, ...options });
    return result as Required<DeployResult>;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.built.folder, { recursive: true, force: true });
  }
}

/** Keeps what is printed from now on. @returns a function that gives it. */
export function captureOutput(): () => string {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  return () => output;
}

/** What the work failed with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );
}

/** For {@link Deploying.pack}: edits the relup, and makes sure that something was changed. */
export function editRelup(edit: (relup: string) => string): (tree: string) => void {
  return (tree) => {
    const path = join(tree, 'releases/0.2.0/relup');
    const relup = readFileSync(path, 'utf8');
    const edited = edit(relup);
    expect(edited).not.toBe(relup);
    writeFileSync(path, edited);
  };
}

/** For {@link Deploying.pack}: a sys.config that is filled in from DB_HOST and RELEASE_VSN. */
export function useTemplate(tree: string): void {
  rmSync(join(tree, 'releases/0.2.0/sys.config'));
  const template = '[{helloworld, [{host, "${DB_HOST}"}, {version, "${RELEASE_VSN}"}]}].\n';
  writeFileSync(join(tree, 'releases/0.2.0/sys.config.src'), template);
}
