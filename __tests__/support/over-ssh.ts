import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { removeRuns, runAction, type ActionOptions, type ActionRun } from './action.js';
import { BuiltPackages } from './built-packages.js';
import { folder } from './failures.js';
import { installFor, startAs } from './owned-release.js';
import { projectRoot } from './repository.js';
import type { InstalledRelease } from './running-release.js';
import { SshServer } from './ssh-server.js';
import { TestUser } from './test-user.js';

/** The machine's own programs, with a Node that is too old or none. */
export const PLAIN_PATH = '/usr/local/bin:/usr/bin:/bin';

/** The same with the Node of these tests. */
export const NODE_PATH = `${join(projectRoot, 'node_modules/node/bin')}:${PLAIN_PATH}`;

/** Packages, a user whose node is deployed to, and a machine that can only be reached over ssh: this one. */
export class OverSsh {
  private constructor(
    readonly packages: BuiltPackages,
    readonly owner: TestUser,
    readonly server: SshServer,
  ) {}

  static async prepare(): Promise<OverSsh> {
    const packages = await BuiltPackages.make();
    return new OverSsh(
      packages,
      TestUser.create('node', '/bin/sh'),
      await SshServer.start({ path: NODE_PATH }),
    );
  }

  /** 0.1.0, installed for the owner and started. */
  async startedRelease(): Promise<InstalledRelease> {
    const installed = await installFor(this.owner, this.packages.oldTarball);
    await startAs(this.owner, installed);
    return installed;
  }

  /** A step on a runner that has nothing but the agent. */
  deploy(
    deployRoot: string,
    inputs: Readonly<Record<string, string>> = {},
    more: Partial<ActionOptions> & { readonly server?: SshServer } = {},
  ): Promise<ActionRun> {
    const { server = this.server, ...options } = more;
    return runAction(
      {
        workspace: folder(),
        ...options,
        inputs: {
          package: this.packages.folder,
          'deploy-root': deployRoot,
          soak: '1s',
          ssh: server.address(this.owner.name),
          'ssh-known-hosts': server.knownHosts,
          ...inputs,
        },
        env: { ...server.env, ...options.env },
      },
      'deploy',
    );
  }

  /** Folders of ours in /tmp that belong to the owner. */
  left(): string[] {
    const { uid } = this.owner;
    return readdirSync('/tmp').filter(
      (name) =>
        name.startsWith('relup-action-') &&
        statSync(join('/tmp', name), { throwIfNoEntry: false })?.uid === uid,
    );
  }

  remove(): void {
    this.server.stop();
    this.owner.remove();
    this.packages.remove();
    removeRuns();
  }
}
