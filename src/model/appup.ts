/** Where an appup came from, in order of precedence. */
export type AppupOrigin = 'hand-written' | 'shipped' | 'generated';

/** The entry of an appup that matches one up-from version, with the pattern that matched (H32). */
export interface AppupEntry {
  readonly upFrom: string;
  /** As written in the appup; null when no entry matches. */
  readonly pattern: string | null;
  readonly instructions: readonly string[];
  /** What each instruction does, in words; only of generated appups. */
  readonly explained?: readonly string[];
}

/** The appup used for one application. */
export interface ChosenAppup {
  readonly application: string;
  /** Application version in the new release. */
  readonly version: string;
  readonly origin: AppupOrigin;
  /** Relative to the project folder; for a generated one the place where it could be saved. */
  readonly file: string;
  readonly up: readonly AppupEntry[];
  readonly down: readonly AppupEntry[];
  /** The whole appup, when it was generated. */
  readonly text?: string;
}
