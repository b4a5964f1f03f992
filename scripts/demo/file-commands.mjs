// The files through which an action's step gives outputs and state to the runner (GITHUB_OUTPUT, GITHUB_STATE).

/**
 * Reads `name=value` lines, and `name<<delimiter` with the value on the lines up to the delimiter.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseFileCommands(text) {
  /** @type {Record<string, string>} */
  const values = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = /^([^=<]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined) {
      values[name] = lines.splice(0, lines.indexOf(delimiter ?? '')).join('\n');
      lines.shift();
    } else if (line.includes('=')) {
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return values;
}
