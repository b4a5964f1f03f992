import type { Bar, Lane, Mark, TreeNode } from './blocks.js';
import { seconds as time } from '../figures.js';
import { visible } from './visible.js';

/** Longer names make a diagram that nobody can read. */
const LONGEST = 60;

/** Beyond this many Mermaid draws nothing readable, and at some point nothing. */
export const MOST_NODES = 60;

/** Text from outside as a label: letters, digits and what means nothing to Mermaid; the rest by its number. */
export function label(text: string): string {
  const shown = [...visible(text)];
  const cut = shown.length > LONGEST ? [...shown.slice(0, LONGEST - 1), '…'] : shown;
  if (cut.length === 0) return '–';
  return cut.map((char) => (/[\p{L}\p{N} .…→–]/u.test(char) ? char : `#${char.codePointAt(0)};`)).join('');
}

const TAGS = { ok: '', warning: 'active, ', failed: 'crit, ' } as const;

/** A Gantt chart in seconds since the beginning: `%s` is the same in every time zone. */
export function gantt(lanes: readonly Lane[]): string {
  return [
    'gantt',
    '    dateFormat x',
    '    axisFormat %s s',
    `    tickInterval ${tick(lanes)}`,
    ...lanes.flatMap(({ name, bars }) => [`    section ${label(name)}`, ...bars.map(task)]),
  ].join('\n');
}

/** About ten ticks at most. */
function tick(lanes: readonly Lane[]): string {
  const end = Math.max(0, ...lanes.flatMap(({ bars }) => bars.map(({ start, seconds }) => start + seconds)));
  const step = [1, 2, 5, 10, 30].find((seconds) => end <= 10 * seconds);
  return step === undefined ? `${Math.ceil(end / 600)}minute` : `${step}second`;
}

/** How lines of a Gantt chart begin that are no tasks. */
const KEYWORD = /^(?:gantt|date|inc|exc|top|axis|tick|today|week|title|acc|section|click|call|href|end)/i;

function task({ name, start, seconds, result }: Bar): string {
  const from = Math.round(1000 * start);
  // a bar of no length is not drawn
  const to = Math.max(from + 1, Math.round(1000 * (start + seconds)));
  return `    ${label(`${name} ${time(seconds)}`).replace(KEYWORD, byNumber)} :${TAGS[result]}${from}, ${to}`;
}

function byNumber(word: string): string {
  return `#${word.codePointAt(0)};${word.slice(1)}`;
}

const CLASSES: Readonly<Record<Mark, string>> = {
  same: 'fill:#8b949e22,stroke:#8b949e',
  changed: 'fill:#d2992244,stroke:#d29922',
  replaced: 'fill:#f0883e55,stroke:#f0883e',
  added: 'fill:#2ea04344,stroke:#2ea043',
  removed: 'fill:#f8514944,stroke:#f85149,stroke-dasharray:4 3',
};

/** In boxes Mermaid breaks lines where it likes. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** A flowchart from left to right. */
export function flowchart(roots: readonly TreeNode[]): string {
  const lines: string[] = [];
  const used = new Set<Mark>();
  let count = 0;
  const draw = ({ name, note, mark, children }: TreeNode, parent?: string): void => {
    const id = `n${count++}`;
    used.add(mark);
    const text = [name, ...(note === undefined ? [] : [note])].map(label).map(unbroken).join('<br>');
    lines.push(`    ${parent === undefined ? '' : `${parent} --- `}${id}["${text}"]:::${mark}`);
    for (const child of children) draw(child, id);
  };
  for (const root of roots) draw(root);
  return ['flowchart LR', ...lines, ...[...used].map((mark) => `    classDef ${mark} ${CLASSES[mark]}`)].join(
    '\n',
  );
}
