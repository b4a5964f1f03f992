import type { AlertKind, Block, Inline, Line, Report, TreeNode } from './blocks.js';
import { STYLE } from './html-style.js';
import { timeline } from './html-timeline.js';
import { visible } from './visible.js';

/** A report as one file: no script, and nothing that is fetched. */
export function htmlOf({ title, blocks }: Report): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${htmlOfBlocks(blocks)}
</main>
</body>
</html>
`;
}

function htmlOfBlocks(blocks: readonly Block[]): string {
  return blocks.map(html).join('\n');
}

function html(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${inlines(block.line)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${inlines(block.line)}</p>`;
    case 'alert':
      return alert(block.alert, block.lines);
    case 'code':
      return `<pre><code>${block.language === 'diff' ? diff(block.text) : characters(block.text)}</code></pre>`;
    case 'table':
      return `<table><thead>${row('th', block.head.map(text))}</thead><tbody>${block.rows.map((cells) => row('td', cells.map(inlines))).join('')}</tbody></table>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join('')}</ul>`;
    case 'fold':
      return `<details><summary>${inlines(block.line)}</summary>${htmlOfBlocks(block.blocks)}</details>`;
    case 'timeline':
      return timeline(block.lanes);
    case 'tree':
      return `<ul class="tree">${block.roots.map(node).join('')}</ul>`;
  }
}

const TITLES: Readonly<Record<AlertKind, string>> = {
  note: 'Note',
  tip: 'Tip',
  warning: 'Warning',
  caution: 'Caution',
};

function alert(kind: AlertKind, lines: readonly Line[]): string {
  const body = lines.map((line) => `<p>${inlines(line)}</p>`).join('');
  return `<div class="alert ${kind}"><p class="title">${TITLES[kind]}</p>${body}</div>`;
}

function row(element: 'td' | 'th', cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${element}>${cell}</${element}>`).join('')}</tr>`;
}

function node({ name, note, mark, children }: TreeNode): string {
  const below = children.length === 0 ? '' : `<ul>${children.map(node).join('')}</ul>`;
  const small = note === undefined ? '' : ` <small>${text(note)}</small>`;
  return `<li><span class="node ${mark}">${text(name)}${small}</span>${below}</li>`;
}

function diff(lines: string): string {
  return lines
    .split('\n')
    .map((line) => {
      const element = { '-': 'del', '+': 'ins', '!': 'b' }[line.charAt(0)];
      return element === undefined ? characters(line) : `<${element}>${characters(line)}</${element}>`;
    })
    .join('\n');
}

function inlines(line: Line): string {
  return line.map(inline).join('');
}

function inline(one: Inline): string {
  if (typeof one === 'string') return characters(one.replace(/\s+/g, ' '));
  if ('code' in one) return `<code>${text(one.code)}</code>`;
  if ('strong' in one) return `<strong>${text(one.strong)}</strong>`;
  return /^https?:\/\//.test(one.url)
    ? `<a href="${characters(one.url)}" rel="noreferrer">${text(one.link)}</a>`
    : text(one.link);
}

/** Text from outside on one line. */
function text(raw: string): string {
  return characters(visible(raw));
}

/** What HTML could read in a text, and what it may not hold. */
function characters(raw: string): string {
  return (
    raw
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
      .replace(/[&<>"'`]/g, (char) => `&#${char.codePointAt(0)};`)
  );
}
