import type { Location } from '../../shared/errors.js';
import { defined } from '../../shared/optional.js';

/** A line that is meant for the runner, as @actions/core writes it. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What children print cannot be one: it is neutralised before. Undefined for any other line. Pure. */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const [, name, properties = '', text = ''] = /^::([a-z-]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = properties.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at), unescaped(pair.slice(at + 1))]];
  });
  return { name, properties: Object.fromEntries(pairs) as Record<string, string>, text: unescaped(text) };
}

function unescaped(text: string): string {
  return text.replaceAll(/%(25|0D|0A|3A|2C)/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** The place that an annotation is about. */
export function locationOf({ file, line }: WorkflowCommand['properties']): Location | undefined {
  return file === undefined
    ? undefined
    : { file, ...defined({ line: line === undefined ? undefined : Number(line) }) };
}
