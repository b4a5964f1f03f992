const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '`': '&#96;',
};

/** Text from outside (refs, versions, paths) as Markdown that shows it and does nothing else. */
export function plain(text: string): string {
  return text.replace(/[&<>|`\\*_[\]#~]/g, (char) => ENTITIES[char] ?? `\\${char}`).replace(/\s+/g, ' ');
}

/** The same as code. */
export function code(text: string): string {
  return `<code>${text.replace(/[&<>|`]/g, (char) => ENTITIES[char] ?? char).replace(/\s+/g, ' ')}</code>`;
}

/** A code block; the fence is longer than any run of backticks inside. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function fold(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Bytes with a unit, e.g. `17.6 kB`; decimal units as in file managers. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}
