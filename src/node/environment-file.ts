// The syntax of systemd's EnvironmentFile=, so that the file of the service's unit can be given as it is.
import { readFile } from 'node:fs/promises';
import { BadInputError, errorMessage } from '../shared/errors.js';

/** What a backslash takes the meaning from inside of double quotes; before anything else it stands for itself. */
const ESCAPED = '"\\`$';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the service's environment from a file.
 *
 * @throws {BadInputError} when it cannot be read, or naming the file and the first bad line. systemd skips bad lines, and the
 * node would miss what stands there.
 */
export async function readEnvironmentFile(path: string): Promise<Record<string, string>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new BadInputError(`The env-file ${path} cannot be read: ${errorMessage(cause)}.`, {
      remedy: 'Name the EnvironmentFile of the service, and let the user who deploys read it.',
      cause,
    });
  });
  return parseEnvironmentFile(decoded(bytes, path), path);
}

function decoded(bytes: Buffer, path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // told below
  }
  throw new BadInputError(`The env-file ${path} is not UTF-8 text.`, {
    remedy: 'Write lines of the form NAME=value.',
  });
}

/**
 * Text → variables. Nothing is expanded. Pure.
 *
 * @param path for the message only
 * @throws {BadInputError}
 */
export function parseEnvironmentFile(text: string, path: string): Record<string, string> {
  const reader = new Reader(text.replaceAll('\r\n', '\n'));
  const variables: Record<string, string> = {};
  while (reader.nextEntry()) {
    const line = reader.line;
    const bad = (reason: string) =>
      new BadInputError(`The env-file ${path} cannot be used: line ${line} ${reason}.`, {
        remedy: 'Write lines of the form NAME=value, NAME="value" or NAME=\'value\', as systemd reads them.',
      });
    const name = reader.name();
    if (name === undefined) throw bad('has no =');
    if (!NAME.test(name)) throw bad(`sets ${JSON.stringify(name)}, which is not a variable name`);
    const value = reader.value();
    if (value === undefined) throw bad('has a quote that is not closed');
    variables[name] = value;
  }
  return variables;
}

class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  /** Of the position, from 1. */
  get line(): number {
    return this.text.slice(0, this.position).split('\n').length;
  }

  /** Goes to the next line that is neither empty nor a comment; false at the end. */
  nextEntry(): boolean {
    for (;;) {
      this.skip(/\s*/y);
      if (!/[#;]/.test(this.text.charAt(this.position))) return this.position < this.text.length;
      // A backslash continues a comment, too.
      this.skip(/(?:\\[^]|[^\n\\])*/y);
    }
  }

  name(): string | undefined {
    const name = this.skip(/[^=\n]*/y);
    if (this.text.charAt(this.position) !== '=') return undefined;
    this.position += 1;
    return name.trimEnd();
  }

  /** Quoted parts and one bare part behind them; undefined for a quote without end. */
  value(): string | undefined {
    let value = '';
    for (;;) {
      this.skip(/[ \t]*/y);
      const quote = this.text.charAt(this.position);
      if (quote !== '"' && quote !== "'") return value + this.bare();
      const quoted = this.skip(quote === '"' ? /"(?:\\[^]|[^"\\])*"/y : /'[^']*'/y);
      if (quoted === '') return undefined;
      value += quote === '"' ? unescaped(quoted.slice(1, -1)) : quoted.slice(1, -1);
    }
  }

  /** Up to the end of the line; quotes stand for themselves, a backslash joins lines or is dropped. */
  private bare(): string {
    const parts = this.skip(/(?:\\[^]|[^\n\\])*/y).match(/\\[^]|[^\\]/g) ?? [];
    // White space at the end goes, unless a backslash keeps it.
    while (/^\s$/.test(parts.at(-1) ?? '')) parts.pop();
    return parts.map((part) => (part === '\\\n' ? '' : part.replace(/^\\/, ''))).join('');
  }

  /** Takes what a sticky expression matches here. */
  private skip(expression: RegExp): string {
    expression.lastIndex = this.position;
    const [found = ''] = expression.exec(this.text) ?? [];
    this.position += found.length;
    return found;
  }
}

function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\([^])/g, (whole, next: string) => {
    if (next === '\n') return '';
    return ESCAPED.includes(next) ? next : whole;
  });
}
