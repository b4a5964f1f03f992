/** One line of what `act --json` prints. */
export interface LogEntry {
  readonly jobID?: string;
  readonly stage?: 'Pre' | 'Main' | 'Post';
  /** The step's id, or its index when it has none; a step within a composite action has more than one. */
  readonly stepID?: readonly string[];
  readonly msg: string;
  /** Whether `msg` is what the step printed. */
  readonly raw_output?: boolean;
  /** A workflow command, such as `error`, `set-output` or `summary`, and its value. */
  readonly command?: string;
  readonly arg?: string;
  readonly name?: string;
  readonly content?: string;
  readonly stepResult?: string;
  readonly jobResult?: string;
}

/** What is known of a step when the run is over. */
export interface StepRun {
  /** Undefined when the step did not start. */
  readonly result: string | undefined;
  /** What it printed, workflow commands left out. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Texts of its error annotations. */
  readonly errors: readonly string[];
  /** Its part of the job summary, Markdown. */
  readonly summary: string;
}

/** Lines that are no JSON, such as act's own last words, are entries with nothing but a text. */
export function parseLog(output: string): LogEntry[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('{') ? (JSON.parse(line) as LogEntry) : { msg: line }));
}

/** `success`, `failure`, or undefined when the job did not start. */
export function jobResult(entries: readonly LogEntry[], job: string): string | undefined {
  return entries.find((entry) => entry.jobID === job && entry.jobResult !== undefined)?.jobResult;
}

export function stepRun(
  entries: readonly LogEntry[],
  job: string,
  step: string,
  stage: 'Main' | 'Post',
): StepRun {
  const own = entries.filter(
    (entry) => entry.jobID === job && entry.stepID?.[0] === step && entry.stage === stage,
  );
  const values = (command: string) => own.filter((entry) => entry.command === command);
  return {
    result: own.findLast((entry) => entry.stepResult !== undefined)?.stepResult,
    log: own.flatMap((entry) => (entry.raw_output === true ? [entry.msg] : [])).join(''),
    outputs: Object.fromEntries(values('set-output').map(({ name, arg }) => [name ?? '', arg ?? ''])),
    errors: values('error').map(({ arg }) => arg ?? ''),
    summary: values('summary')
      .map(({ content }) => content ?? '')
      .join('\n'),
  };
}
