import { messageLines, type Display, type Message } from './display.js';

/** For pipes and files: every line as it comes, nothing moves, no colours. */
export class PlainDisplay implements Display {
  constructor(private readonly write: (text: string) => void) {}

  phase(name: string): void {
    this.say(`== ${name}`);
  }

  phaseEnds(): void {
    // The next one says so.
  }

  settle(): void {
    // What comes next says it.
  }

  line(text: string): void {
    this.say(text);
  }

  message(message: Message): void {
    for (const line of messageLines(message, `${message.severity}:`)) this.say(line);
  }

  end(): void {
    // Nothing is held back.
  }

  say(text: string): void {
    this.write(`${text}\n`);
  }
}
