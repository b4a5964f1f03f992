/** An instruction that a rehearsal found to be missing from a generated appup, e.g. one that starts a supervisor's new child. */
export interface Correction {
  readonly application: string;
  /** Application version upgraded from, or downgraded to. */
  readonly upFrom: string;
  readonly direction: 'up' | 'down';
  /** Before the first or after the last generated instruction. */
  readonly position: 'first' | 'last';
  /** One instruction as Erlang text, e.g. `{apply,{supervisor,restart_child,[my_sup,worker]}}`. */
  readonly instruction: string;
}
