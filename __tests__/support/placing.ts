import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { deployRelease, type DeployOptions } from '../../src/deploy/deploy.js';
import type { DeployResult } from '../../src/model/deploy.js';
import type { Deploying } from './deploying.js';
import type { FullPackage } from './full-package.js';
import { InstalledRelease } from './running-release.js';

/** Installs and restarts by full packages; quick, and with the environment that the service of a test has. */
export class Placing {
  constructor(
    private readonly deploying: Deploying,
    readonly full: FullPackage,
  ) {}

  deploy(
    installed: InstalledRelease,
    options: Partial<DeployOptions> = {},
    input: FullPackage = this.full,
  ): Promise<DeployResult> {
    const privateFolder = mkdtempSync(join(this.deploying.folder, 'private-'));
    return deployRelease({
      deployRoot: installed.root,
      privateFolder,
      serviceEnvironment: installed.environment,
      allowRestart: true,
      watchSeconds: 20,
      stopSeconds: 30,
      health: { soak: 0, timeout: 60 },
      ...input,
      ...options,
    });
  }
}

/** A root with nothing in it, and the environment of a service that is to run there. */
export async function emptyRoot(deploying: Deploying): Promise<InstalledRelease> {
  const nothing = mkdtempSync(join(deploying.folder, 'nothing-'));
  mkdirSync(nothing, { recursive: true });
  return InstalledRelease.install(nothing);
}
