import type { ReleaseCode } from '../../model/deploy-input.js';
import type { ScriptEffects } from '../../model/relup.js';
import type { NodeObservation } from './observation.js';
import type { PlacedChild } from './supervision.js';

/** Something that a node which was upgraded or downgraded has otherwise than one that booted the same release. */
export interface Difference {
  readonly kind:
    | 'module-differs'
    | 'module-not-loaded'
    | 'module-left'
    | 'application-missing'
    | 'application-left'
    | 'application-version'
    | 'application-type'
    | 'environment-missing'
    | 'environment-left'
    | 'environment-differs'
    | 'child-missing'
    | 'child-left'
    | 'child-changed'
    | 'child-renamed'
    | 'registered-missing'
    | 'registered-left'
    | 'registered-renamed'
    | 'remains-missing'
    | 'remains-left'
    | 'remains-differs';
  readonly application?: string;
  /** What it is about, e.g. a module, `application:key`, a registered name, the place of a child, `table shop_cache`. */
  readonly subject: string;
  /** How it differs, when the kind does not say it all. */
  readonly detail?: string;
  /** For children. */
  readonly child?: PlacedChild;
  /** For a child under another name: both names. */
  readonly names?: readonly string[];
  /** For a missing child: whether its supervisor knows how to start it. */
  readonly specified?: boolean;
  /** For a child: whether `init/1` lists it (undefined: not known); others are started at run time. */
  readonly listed?: boolean | undefined;
  /** For a child: whether its application is the same version in both releases, so that no appup of it is run. */
  readonly unchanged?: boolean;
  /** For a missing name or child: whether it was there before the step, so that its process was lost in it. */
  readonly existed?: boolean;
  /** For a child, and what start code leaves: whether the relup started its application anew. */
  readonly restarted?: boolean;
  /** For what start code leaves: code that fails without it. */
  readonly need?: Need;
  /** For the environment: whether a file of the release sets the key, and no application rewrites it. */
  readonly configured?: boolean;
}

/** Code of a release that fails where something is missing (src/erlang/relup_needed.erl). */
export interface Need {
  /** What is missing, as a difference names it: `persistent term telemetry`. */
  readonly thing: string;
  readonly application: string;
  /** `telemetry_handler_table:list_for_event/1` */
  readonly function: string;
  /** `persistent_term:get(telemetry)` */
  readonly call: string;
}

export interface Comparison {
  /** The node that was upgraded or downgraded. */
  readonly found: NodeObservation;
  /** One that booted the same release. */
  readonly booted: NodeObservation;
  /** Another boot of it, when there is one: what differs between the two depends on the boot, and tells nothing. */
  readonly bootedAgain?: NodeObservation | undefined;
  /**
   * Another boot of it, looked at when it had run about as long as `found`: what has become the same by itself is no difference.
   * Its supervisors were asked what their `init/1` lists.
   */
  readonly later?: NodeObservation | undefined;
  /** As `later`, of the release on the other side of the step. */
  readonly otherLater?: NodeObservation | undefined;
  /** One that booted the release on the other side of the step; what only it and `found` have was left over. */
  readonly other: NodeObservation;
  /** The last snapshot before the step; what is in it was there before, so that no instruction has made it. */
  readonly before: NodeObservation;
  /** The code of the release. */
  readonly release: ReleaseCode;
  /** What the relup did: a child that it started is not missing when it has ended by itself. */
  readonly script?: ScriptEffects | undefined;
}
