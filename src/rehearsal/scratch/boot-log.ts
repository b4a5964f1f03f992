import { createWriteStream, type WriteStream } from 'node:fs';

/** More lines are in the file. */
const KEPT_LINES = 20_000;

/** What a node prints, in a file and, up to a limit, at hand. */
export class BootLog {
  readonly lines: string[] = [];
  private readonly file: WriteStream;

  constructor(path: string) {
    this.file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    // A full disk is told by what fails next.
    this.file.on('error', () => undefined);
  }

  add(line: string): void {
    if (!this.file.writableEnded) this.file.write(`${line}\n`);
    if (this.lines.length < KEPT_LINES) this.lines.push(line);
  }

  close(): void {
    this.file.end();
  }
}
