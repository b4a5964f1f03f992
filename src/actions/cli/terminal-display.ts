import { styleText } from 'node:util';
import { messageLines, type Display, type Message, type Severity } from './display.js';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Of the output that explains a failure, so many lines; all of them with --verbose. */
const TAIL = 40;

const LABELS = {
  error: ['red', '✗'],
  warning: ['yellow', '!'],
  notice: ['cyan', 'i'],
} as const satisfies Record<Severity, readonly [string, string]>;

export interface Terminal {
  /** Tells about colours. */
  readonly stream: NodeJS.WriteStream;
  readonly write: (text: string) => void;
  /** Whether what programs print is shown. */
  readonly verbose: boolean;
}

interface Phase {
  readonly name: string;
  readonly started: number;
  readonly seconds?: number;
}

/** For people: one line per phase, with a spinner while it lasts; what they should know at the end. */
export class TerminalDisplay implements Display {
  private current: Phase | undefined;
  /** Whether a phase failed is known only by what comes after it. */
  private ended: Phase | undefined;
  private held: string[] = [];
  private readonly messages: Message[] = [];
  private frame = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly terminal: Terminal) {
    this.timer = setInterval(() => this.spin(), FRAME_MS);
    this.timer.unref();
  }

  phase(name: string): void {
    // What explains a failure comes right after the phase that failed.
    const explains = name === 'Details';
    this.settle(explains ? 'failed' : 'done');
    if (explains) this.held = [];
    else this.current = { name, started: performance.now() };
  }

  phaseEnds(): void {
    if (this.current === undefined) return;
    const seconds = (performance.now() - this.current.started) / 1000;
    this.ended = { ...this.current, seconds };
    this.current = undefined;
  }

  line(text: string): void {
    if (this.terminal.verbose) this.say(this.style('dim', text));
    else if (this.current === undefined) this.held.push(text);
  }

  message(message: Message): void {
    if (message.severity === 'error') this.settle('failed');
    this.messages.push(message);
  }

  end(): void {
    this.settle('done');
    clearInterval(this.timer);
    if (this.messages.some(({ severity }) => severity === 'error')) {
      for (const line of this.held.slice(-TAIL)) this.say(this.style('dim', line));
    }
    for (const message of this.messages) {
      const [colour, sign] = LABELS[message.severity];
      const [first = '', ...more] = messageLines(message, sign);
      this.say([this.style(colour, first), ...more].join('\n'));
    }
  }

  say(text: string): void {
    this.terminal.write(`${this.clear()}${text}\n`);
  }

  settle(how: 'done' | 'failed'): void {
    if (this.ended === undefined) return;
    const { name, seconds = 0 } = this.ended;
    this.ended = undefined;
    const sign = how === 'done' ? this.style('green', '✓') : this.style('red', '✗');
    this.say(`${sign} ${name}  ${this.style('dim', `${seconds.toFixed(1)} s`)}`);
  }

  private spin(): void {
    const phase = this.current ?? this.ended;
    if (phase === undefined) return;
    this.frame = (this.frame + 1) % FRAMES.length;
    const seconds = Math.floor((performance.now() - phase.started) / 1000);
    this.terminal.write(
      `${this.clear()}${this.style('cyan', FRAMES[this.frame] ?? '')} ${phase.name}  ${seconds} s`,
    );
  }

  private clear(): string {
    return '\r\u001b[2K';
  }

  /** Without colours where NO_COLOR says so. */
  private style(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: this.terminal.stream });
  }
}
