import { join } from 'node:path';
import type { DeployManifest, DeployPackage } from '../model/deploy-input.js';
import { startEpmd, type PrivateEpmd } from './scratch/epmd.js';
import { observeNode, type NodeObservation, type ObservationRequest } from './compare/observation.js';
import { bootScratchNode, type ScratchNode } from './scratch/scratch-node.js';
import type { ScratchIdentity } from './scratch/scratch-start.js';
import type { NodeContext } from '../node/node-context.js';
import type { BuiltRelease } from '../model/release.js';
import type { RehearsalOptions } from './rehearsal-options.js';
import type { Recorder } from './recorder.js';

/** An observation takes some milliseconds; on a busy machine, and with a supervisor that hangs, far more. */
const OBSERVATION_SECONDS = 60;

/** What the nodes of one up-from version's rehearsal share. */
export interface VersionContext {
  readonly options: RehearsalOptions;
  readonly upFrom: BuiltRelease;
  readonly manifest: DeployManifest;
  readonly environment: Readonly<Record<string, string>>;
  readonly identity: ScratchIdentity;
  readonly recorder: Recorder;
  /** A private folder for this version. */
  readonly folder: string;
  /** Seconds that are left, at least one. */
  remaining(): number;
}

/** Where a lane's node is installed, and who it is. */
interface Place {
  readonly root: string;
  readonly epmd: PrivateEpmd;
  readonly identity: ScratchIdentity;
  readonly environment: Readonly<Record<string, string>>;
}

/** An installed root with one node at a time, and an epmd for it, and those it is connected to, alone. */
export class Lane {
  private node: ScratchNode | undefined;
  private boots = 0;

  private constructor(
    readonly context: VersionContext,
    readonly name: string,
    private readonly place: Place,
  ) {}

  /** The installed root. */
  get root(): string {
    return this.place.root;
  }

  /** @param name also the name of its folder */
  static async open(
    context: VersionContext,
    name: string,
    identity: ScratchIdentity = context.identity,
  ): Promise<Lane> {
    const { upFrom, environment, folder } = context;
    const own = upFrom.includesErts ? join(upFrom.root, `erts-${upFrom.erts}`, 'bin', 'epmd') : 'epmd';
    const place = join(folder, name);
    const epmd = await startEpmd({
      program: own,
      folder: place,
      lifetimeSeconds: lifetime(context),
      everywhere: identity.nodeName === 'keep',
    });
    return new Lane(context, name, { root: join(place, 'root'), epmd, identity, environment });
  }

  /** A lane whose node can find this one's. */
  beside(name: string, who: Pick<Place, 'identity' | 'environment'>): Lane {
    const root = join(this.context.folder, name, 'root');
    return new Lane(this.context, name, { ...this.place, ...who, root });
  }

  /** Boots what the root would boot next. @throws {BootError} */
  async boot(): Promise<ScratchNode> {
    const { options, manifest, folder, upFrom } = this.context;
    const { identity, environment, epmd } = this.place;
    this.boots += 1;
    this.node = await bootScratchNode({
      erlang: options.erlang,
      root: this.root,
      name: manifest.name,
      releases: [manifest, ...manifest.upFrom],
      identity,
      epmd,
      environment,
      folder: join(folder, this.name, 'own'),
      logFile: join(options.logFolder, `${upFrom.version}-${this.name}-${this.boots}.log`),
      bootSeconds: this.context.remaining(),
      lifetimeSeconds: lifetime(this.context),
    });
    return this.node;
  }

  get running(): ScratchNode {
    if (this.node === undefined) throw new Error('no node was booted');
    return this.node;
  }

  /** Whether a node was booted, and not ended by us. */
  get isOpen(): boolean {
    return this.node !== undefined;
  }

  observe(wishes: Partial<ObservationRequest> = {}): Promise<NodeObservation> {
    const request = { oldCode: {}, oldFolders: {}, asksInit: false, ...wishes };
    return observeNode({
      control: this.running.control,
      request,
      folder: join(this.context.folder, this.name),
      timeoutSeconds: OBSERVATION_SECONDS,
    });
  }

  /** What the steps of src/node/release-handler.ts work with. */
  nodeContext(upgradePackage: DeployPackage): NodeContext {
    const { options, manifest, folder } = this.context;
    const { control, process } = this.running;
    const seconds = this.context.remaining();
    return {
      erlang: options.erlang,
      deployRoot: process.deployRoot,
      upgradePackage,
      manifest,
      privateFolder: join(folder, this.name),
      control,
      node: process,
      stepSeconds: seconds,
      watchSeconds: seconds,
    };
  }

  /** Ends the node and epmd at once. */
  close(): void {
    this.node?.end();
    this.node = undefined;
    this.place.epmd.stop();
  }
}

/** What we start ends by itself a little after the rehearsal had to. */
function lifetime(context: VersionContext): number {
  return context.remaining() + 30 + (context.options.keep?.seconds ?? 0);
}
