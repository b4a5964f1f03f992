/** One setting of a git configuration; a key that may have several values appears several times, in order. */
export interface ConfigEntry {
  /** As git prints it: `section.name` or `section.<subsection>.name`, section and name in lower case. */
  readonly key: string;
  readonly value: string;
}

/** Reads the output of `git config -z --list`. */
export function parseConfigList(output: string): ConfigEntry[] {
  return output
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const end = record.indexOf('\n');
      // A setting without `=` has no value at all, which git takes for "true".
      return end === -1
        ? { key: record, value: 'true' }
        : { key: record.slice(0, end), value: record.slice(end + 1) };
    });
}

/**
 * Writes entries as the text of a configuration file. A file, not `git config` or `-c`: values may be access
 * tokens, and command lines can be read by every user of the machine.
 */
export function formatConfig(entries: readonly ConfigEntry[]): string {
  return entries.map(formatEntry).join('');
}

function formatEntry({ key, value }: ConfigEntry): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  const section = key.slice(0, first);
  const subsection = first === last ? '' : ` "${key.slice(first + 1, last).replaceAll(/["\\]/g, '\\$&')}"`;
  const text = value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `[${section}${subsection}]\n\t${key.slice(last + 1)} = "${text}"\n`;
}
