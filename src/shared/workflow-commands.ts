const COMMAND = /^(\s*)::/;

/**
 * A line of a child's output that the runner cannot take for a workflow command (H107): `::` at the start of a line, and
 * `##[` anywhere in it, are what the runner looks for.
 */
export function neutralise(line: string): string {
  return line.replace(COMMAND, '$1: :').replaceAll('##[', '## [');
}
