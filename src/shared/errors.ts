/** A place in the user's repository that an annotation can point at. `file` is relative to the repository. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ActionErrorOptions {
  /** What the user should write or do instead; one sentence or a text to paste. */
  readonly remedy?: string | undefined;
  /** Raw output or an Erlang term; shown in a fold, never as the message. */
  readonly details?: string | undefined;
  readonly location?: Location | undefined;
  readonly cause?: unknown;
}

/**
 * An expected failure, told in one sentence: what happened, where, and (as `remedy`) what to do instead.
 * Anything else that is thrown is a defect of the action and is reported with its stack.
 */
export class ActionError extends Error {
  readonly remedy: string | undefined;
  readonly details: string | undefined;
  readonly location: Location | undefined;

  constructor(message: string, options: ActionErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.remedy = options.remedy;
    this.details = options.details;
    this.location = options.location;
  }
}

/** An input, or a combination of inputs, that cannot be used as it is. */
export class BadInputError extends ActionError {}

/** How a program failed. */
export interface CommandEnd {
  readonly kind: 'not-started' | 'exited' | 'killed' | 'timed-out';
  /** To follow the program's name, e.g. `was killed by SIGKILL`. */
  readonly text: string;
}

/** A program that could not be started, exited with a failure, was killed, or took too long. */
export class CommandFailedError extends ActionError {
  /** How it ended. */
  readonly end: CommandEnd;

  constructor(
    message: string,
    /** The exit status; undefined unless the program exited by itself. */
    readonly exitCode: number | undefined,
    { end, ...options }: ActionErrorOptions & { readonly end?: CommandEnd } = {},
  ) {
    super(message, options);
    this.end = end ?? endBy(exitCode);
  }
}

function endBy(exitCode: number | undefined): CommandEnd {
  return exitCode === undefined
    ? { kind: 'not-started', text: 'could not be started' }
    : { kind: 'exited', text: `failed with exit status ${exitCode}` };
}

/** The two releases cannot be upgraded into each other as they are; verdict `refused` (design: verdicts). */
export class RefusedError extends ActionError {}

/** Findings of severity error, each of which is told by itself, end the run. */
export class StoppedError extends RefusedError {}

/** The node, or the folder it runs from, does not allow the upgrade. Nothing was changed unless the message says so. */
export class NodeRefusedError extends ActionError {}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
