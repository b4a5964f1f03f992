/**
 * `::` at the start of a line. The runner cuts off what .NET takes for white space (more than JavaScript does: U+0085) and
 * its comparison skips invisible characters, so whatever is not seen counts as the start of the line.
 */
const COMMAND = /^([[\s\p{C}\p{Z}]--[\r\n\u2028\u2029]]*)::/gmv;

/**
 * A child's output, one or several lines, that the runner cannot take for workflow commands (H107): `::` at the start of a
 * line, and `##[` anywhere in it, are what the runner looks for.
 */
export function neutralise(text: string): string {
  return text.replace(COMMAND, '$1: :').replaceAll('##[', '## [');
}
