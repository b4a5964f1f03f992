/** One application of a release, as text. What is left out has the default named. */
export interface ApplicationText {
  /** Application version; default 1.0.0, and 1.1.0 in a new release that changes the application. */
  readonly vsn?: string;
  /** `mod` of the application resource file as Erlang text, e.g. `{shop_app, []}`; default: a library. */
  readonly mod?: string;
  /** Applications it needs, beside kernel and stdlib. */
  readonly applications?: readonly string[];
  readonly included?: readonly string[];
  /** More entries of the application resource file, as Erlang text: `{env, [{a, 1}]}, {start_phases, …}`. */
  readonly properties?: string;
  /** Module → text without `-module`; a name with a dot is another file in `src` (`shop.hrl`). Null: removed. */
  readonly src?: Readonly<Record<string, string | null>>;
  /** Other files, by their path in the application's folder: `priv/data`, `src/shop.appup.src`. Null: removed. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** Compiler options as an Erlang list; default `[debug_info]`. */
  readonly options?: string;
  /** A parse transform of the application: compiled first, and usable by its other modules. */
  readonly transform?: string;
  /** A dependency: its sources lie where rebar3 puts them, not in the project. */
  readonly dependency?: boolean;
}

/** A whole version. In a new release only what differs is named; null removes. */
export interface ReleaseText {
  readonly apps?: Readonly<Record<string, ApplicationText | null>>;
  /** Files of the project, e.g. `relup.config` or `appups/shop.appup.src`. */
  readonly files?: Readonly<Record<string, string | null>>;
  /** `sys.config`; default `[].`. */
  readonly config?: string;
  /** How applications are started, where not `permanent`. */
  readonly types?: Readonly<Record<string, 'permanent' | 'temporary' | 'transient' | 'load' | 'none'>>;
  /** Applications of OTP beside kernel, stdlib and sasl. */
  readonly otp?: readonly string[];
  /** False: a release without sasl. */
  readonly sasl?: boolean;
}

/** An expression asked of the node in each of its three states; the answers as `~tp` prints them. */
export interface Question {
  readonly ask: string;
  /** Answer of the up-from release, before the upgrade and after the downgrade. */
  readonly upFrom: string;
  /** Answer of the upgraded node. */
  readonly to: string;
  /** Answer after the downgrade, where it is another one. */
  readonly back?: string;
}

/** A pair of versions and what must become of it. */
export interface Scenario {
  /** Reads as a sentence; unique. */
  readonly name: string;
  readonly hazards?: readonly string[];
  readonly upFrom: ReleaseText;
  readonly to: ReleaseText;
  /** An even older release, that the same relup must upgrade, too; differences from `upFrom`. */
  readonly older?: ReleaseText;
  /**
   * `equal`: upgrade and downgrade are proven. `refused`: the id of the finding that refuses, or how the sentence begins.
   * `told`: proven, and a warning of this id says what is not as after a boot.
   */
  readonly expect: 'equal' | { readonly refused: string } | { readonly told: string };
  /** Where an OTP release has another outcome, e.g. `29`. */
  readonly expectOn?: Readonly<Record<string, Scenario['expect']>>;
  /** Ids of findings that must be there beside the outcome. */
  readonly finds?: readonly string[];
  /** Ids of findings that would be wrong here. */
  readonly never?: readonly string[];
  /** Run on the up-from node before the upgrade, as Erlang expressions. */
  readonly before?: string;
  readonly asks?: readonly Question[];
  /** Registered processes that the upgrade may replace; every other one must keep its pid, up and down. */
  readonly replaced?: readonly string[];
  /** Whether the upgrade is also rehearsed on one of two connected nodes. */
  readonly cluster?: boolean;
  /** Inputs of the action. */
  readonly inputs?: { readonly appups?: 'generate' | 'require'; readonly purge?: 'brutal' | 'soft' };
}

/** The text of a release after a change. */
export function applyChange(base: ReleaseText, change: ReleaseText): ReleaseText {
  const { apps = {}, files = {}, types = {}, ...rest } = change;
  const changed = Object.entries(apps).map(([name, app]) => {
    const before = base.apps?.[name];
    if (app === null || before === undefined || before === null) return [name, app] as const;
    const { src = {}, files = {}, ...properties } = app;
    const merged = {
      ...before,
      vsn: raised(before.vsn ?? '1.0.0'),
      ...properties,
      src: { ...before.src, ...src },
      files: { ...before.files, ...files },
    };
    return [name, merged] as const;
  });
  return {
    ...base,
    ...rest,
    apps: { ...base.apps, ...Object.fromEntries(changed) },
    files: { ...base.files, ...files },
    types: { ...base.types, ...types },
  };
}

/** 1.0.0 → 1.1.0 */
function raised(version: string): string {
  const [major = '1', minor = '0', patch = '0'] = version.split('.');
  return `${major}.${Number(minor) + 1}.${patch}`;
}
