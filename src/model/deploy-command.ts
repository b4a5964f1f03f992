/** The user's commands around a deploy. */
export type DeployCommand = 'before' | 'after' | 'start' | 'stop';

/** Each as in a `run:` step; empty for none. */
export type CommandTexts = Readonly<Record<DeployCommand, string>>;
