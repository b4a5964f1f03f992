/** What Markdown, HTML, or what GitHub adds to them (mentions, emoji, formulas) could read in a text. */
const SPECIAL = /[!"#$%&'*:;<=>?@[\\\]^_`{|}~]/g;

/** List markers, numbers of lists and thematic breaks have a meaning at the start only. */
const START = /^(?:[-+](?=[- ]|$)|\d+[.)](?= |$))/;

/** Addresses that become links without being marked. */
const WWW = /www\./gi;

/** White space, control characters, and those that change the direction in which what follows is shown. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;

/** Text from outside (refs, versions, paths) as Markdown that shows it and does nothing else; white space is one space. */
export function plain(text: string): string {
  return text
    .replace(INVISIBLE, ' ')
    .trim()
    .replace(SPECIAL, escaped)
    .replace(START, (marker) => `${marker.slice(0, -1)}${reference(marker.slice(-1))}`)
    .replace(WWW, (start) => `${start.slice(0, -1)}<span>${reference('.')}</span>`);
}

/** The same as code. */
export function code(text: string): string {
  return `<code>${plain(text)}</code>`;
}

/** Three are also looked for in the finished text (`@user`, `:emoji:`, `#1`): in an element they have no neighbours there. */
function escaped(char: string): string {
  return '@:#'.includes(char) ? `<span>${reference(char)}</span>` : reference(char);
}

/** Character references are text and never syntax, in Markdown as well as inside of HTML. */
function reference(char: string): string {
  return `&#${char.codePointAt(0)};`;
}

/** A code block; the fence is longer than any run of backticks inside. */
export function codeBlock(text: string, language = ''): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
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
