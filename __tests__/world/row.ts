/** A pair of releases that differ in real libraries, and what must become of it. */
export interface Row {
  /** Unique: the library and its versions, as `aten 0.5.8 → 0.6.0`. */
  readonly name: string;
  /** Keys of LIBRARIES; what they need comes with them. */
  readonly upFrom: readonly string[];
  /** Default: the same, an identity row. */
  readonly to?: readonly string[];
  /** Applications of OTP that the use needs, beside what the libraries name. */
  readonly otp?: readonly string[];
  /** Entries of sys.config. */
  readonly config?: string;
  /**
   * Text of the module `world_use`, without `-module`: `start/0` sets up what lives on, and gives the state;
   * `use/1` uses the library, also what was set up before, and gives `{ok, State}`.
   */
  readonly use: string;
  /** `hot`, or the id of the error that must refuse it, or how the sentence of the refusal begins. */
  readonly expect: 'hot' | { readonly refused: string };
  /** Ids of findings that must be there beside the outcome. */
  readonly finds?: readonly string[];
  /** OTP releases on which the libraries do not compile, with what the compiler says in a few words. */
  readonly unbuildable?: Readonly<Record<string, string>>;
  /** Registered processes that the upgrade may replace. */
  readonly replaced?: readonly string[];
  /** Why this is right, for the table in docs/world.md. */
  readonly why: string;
  /** One of the few of .ci/run. */
  readonly sample?: boolean;
}
