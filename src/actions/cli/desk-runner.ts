import { deskWords } from './desk-words.js';
import type { Display } from './display.js';
import { INPUTS } from './option-table.js';
import { locationOf, parseCommand, type WorkflowCommand } from './workflow-command.js';

/**
 * Stands in for the runner where there is none: reads what the action writes for a runner (groups, annotations, outputs) from its
 * own standard output, and shows it to a person.
 */
export class DeskRunner {
  private rest = '';
  private readonly secrets = new Set<string>();
  private display: Display | undefined;

  private constructor(private readonly original: typeof process.stdout.write) {}

  /** From here on all that is written to standard output is read. */
  static start(): DeskRunner {
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is given back as it was
    const runner = new DeskRunner(process.stdout.write);
    process.stdout.write = (chunk: string | Uint8Array, ...more: unknown[]): boolean => {
      runner.read(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
      done?.();
      return true;
    };
    return runner;
  }

  /** Writes to the real standard output. */
  write(text: string): void {
    this.original.call(process.stdout, text);
  }

  show(display: Display): void {
    this.display = display;
  }

  stop(): void {
    if (this.rest !== '') this.take(this.rest);
    process.stdout.write = this.original;
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    const command = parseCommand(line);
    if (command === undefined) this.display?.line(this.masked(line));
    else this.obey(command);
  }

  private obey({ name, properties, text }: WorkflowCommand): void {
    switch (name) {
      case 'group':
        return this.display?.phase(text);
      case 'endgroup':
        return this.display?.phaseEnds();
      case 'error':
      case 'warning':
      case 'notice':
        return this.display?.message({
          severity: name,
          text: deskWords(this.masked(text), INPUTS),
          location: locationOf(properties),
        });
      case 'add-mask':
        this.secrets.add(text);
        return;
      default:
        // Outputs, state and debug lines: nobody is there to take them.
        return;
    }
  }

  private masked(text: string): string {
    return [...this.secrets].reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
  }
}
