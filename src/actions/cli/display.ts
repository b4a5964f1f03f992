import type { Location } from '../../shared/errors.js';

export type Severity = 'error' | 'warning' | 'notice';

/** What a person should know or do. */
export interface Message {
  readonly severity: Severity;
  /** The sentence, then what to do in further lines. */
  readonly text: string;
  readonly location: Location | undefined;
}

/** How a run is shown. */
export interface Display {
  phase(name: string): void;
  phaseEnds(): void;
  /** Says how the phase that ended came out, when nothing else will. */
  settle(how: 'done' | 'failed'): void;
  line(text: string): void;
  message(message: Message): void;
  /** Called once; nothing comes after it but {@link say}. */
  end(): void;
  /** The result. */
  say(text: string): void;
}

/** A message as lines: severity, sentence, place, then what to do, indented; what is to be pasted stands as it must. */
export function messageLines({ text, location }: Message, label: string): string[] {
  const [sentence = '', ...more] = text.split('\n');
  const place =
    location === undefined
      ? ''
      : ` (${location.file}${location.line === undefined ? '' : `:${location.line}`})`;
  const introduced = more.findIndex((line) => line.endsWith(':'));
  const said = introduced < 0 ? more.length : introduced + 1;
  return [`${label} ${sentence}${place}`, ...more.map((line, index) => (index < said ? `  ${line}` : line))];
}
