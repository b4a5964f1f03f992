/** A piece of a line. A text is shown as it is, whatever is in it. */
export type Inline =
  | string
  | { readonly code: string }
  | { readonly strong: string }
  | { readonly link: string; readonly url: string };

/** What stands in one line, or wraps like one. */
export type Line = readonly Inline[];

/** GitHub's alert boxes. */
export type AlertKind = 'note' | 'tip' | 'warning' | 'caution';

/** A step on a time axis. */
export interface Bar {
  readonly name: string;
  /** Seconds since the beginning. */
  readonly start: number;
  readonly seconds: number;
  readonly result: 'ok' | 'warning' | 'failed';
}

/** Bars one after the other, e.g. what happened on one node. */
export interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** What became of something that is drawn. */
export type Mark = 'same' | 'changed' | 'replaced' | 'added' | 'removed';

export interface TreeNode {
  readonly name: string;
  readonly note?: string;
  readonly mark: Mark;
  readonly children: readonly TreeNode[];
}

/** A piece of a report: what is said, not how it looks. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly line: Line }
  | { readonly kind: 'paragraph'; readonly line: Line }
  | { readonly kind: 'alert'; readonly alert: AlertKind; readonly lines: readonly Line[] }
  | { readonly kind: 'code'; readonly text: string; readonly language: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly Line[])[] }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'fold'; readonly line: Line; readonly blocks: readonly Block[] }
  | { readonly kind: 'timeline'; readonly lanes: readonly Lane[] }
  | { readonly kind: 'tree'; readonly roots: readonly TreeNode[] };

/** A report, for the job summary and for report.html. */
export interface Report {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export function code(text: string): Inline {
  return { code: text };
}

export function strong(text: string): Inline {
  return { strong: text };
}

export function heading(level: 1 | 2 | 3, ...line: Line): Block {
  return { kind: 'heading', level, line };
}

export function paragraph(...line: Line): Block {
  return { kind: 'paragraph', line };
}

export function alert(kind: AlertKind, ...lines: readonly Line[]): Block {
  return { kind: 'alert', alert: kind, lines };
}

export function codeBlock(text: string, language = ''): Block {
  return { kind: 'code', text, language };
}

/** At most four columns: more are cut off where the page is narrow. Paths and hashes belong elsewhere. */
export function table(head: readonly string[], rows: readonly (readonly Line[])[]): Block {
  return { kind: 'table', head, rows };
}

export function list(items: readonly Line[]): Block {
  return { kind: 'list', items };
}

export function fold(line: Line, blocks: readonly Block[]): Block {
  return { kind: 'fold', line, blocks };
}
