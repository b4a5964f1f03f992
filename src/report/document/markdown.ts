import type { Block, Inline, Line } from './blocks.js';
import { flowchart, gantt } from './mermaid.js';
import { visible } from './visible.js';

/** What Markdown, HTML, or what GitHub adds to them (mentions, emoji, formulas) could read in a text; a colon before a space, or at the end, is none. */
const SPECIAL = /[!"#$%&'*;<=>?@[\\\]^_`{|}~]|:(?! |$)/g;

/** List markers, numbers of lists and thematic breaks have a meaning at the start only. */
const START = /^(?:[-+](?=[- ]|$)|\d+[.)](?= |$))/;

/** Addresses that become links without being marked. */
const WWW = /www\./gi;

/** A report as GitHub's Markdown. */
export function markdownOf(blocks: readonly Block[]): string {
  return blocks.map(markdown).join('\n\n');
}

function markdown(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${inlines(block.line)}`;
    case 'paragraph':
      return inlines(block.line);
    case 'alert':
      return [
        `> [!${block.alert.toUpperCase()}]`,
        block.lines.map((line) => `> ${inlines(line)}`).join('\n>\n'),
      ].join('\n');
    case 'code':
      return codeBlock(block.text, block.language);
    case 'table':
      return table(
        block.head.map(plain),
        block.rows.map((row) => row.map(inlines)),
      );
    case 'list':
      return block.items.map((item) => `- ${inlines(item)}`).join('\n');
    case 'fold':
      return `<details><summary>${inlines(block.line)}</summary>\n\n${markdownOf(block.blocks)}\n\n</details>`;
    case 'timeline':
      return codeBlock(gantt(block.lanes), 'mermaid');
    case 'tree':
      return codeBlock(flowchart(block.roots), 'mermaid');
  }
}

function inlines(line: Line): string {
  return joined(line)
    .map((one, index) => inline(one, index === 0))
    .join('');
}

/** Neighbouring texts are one, so that nothing comes of their meeting. */
function joined(line: Line): Inline[] {
  return line.reduce<Inline[]>((all, one) => {
    const last = all.at(-1);
    return typeof one === 'string' && typeof last === 'string'
      ? [...all.slice(0, -1), last + one]
      : [...all, one];
  }, []);
}

function inline(one: Inline, first: boolean): string {
  if (typeof one === 'string') return spaced(one, first);
  if ('code' in one) return code(one.code);
  if ('strong' in one) return `<strong>${plain(one.strong)}</strong>`;
  return `[${plain(one.link)}](${address(one.url)})`;
}

/** Between other pieces a space at the edge separates, and what has a meaning at the start of a line has none. */
function spaced(text: string, first: boolean): string {
  const [before, after] = [
    /^\s/.test(text) && !first ? ' ' : '',
    /\s$/.test(text) && text.trim() !== '' ? ' ' : '',
  ];
  return `${before}${plain(text)}${after}`;
}

/** Nothing in it ends the link. */
function address(url: string): string {
  return url.replaceAll(/[\s()<>[\]\\"`]/g, (char) =>
    encodeURIComponent(char).replace('(', '%28').replace(')', '%29'),
  );
}

/** Text from outside (refs, versions, paths) as Markdown that shows it and does nothing else; white space is one space. */
export function plain(text: string): string {
  return visible(text)
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
