import { type Block, code, codeBlock, type Inline, type Line, paragraph } from './blocks.js';

/** A line that says what the text after it is. */
const INTRODUCTION = /^[A-Z][^\n]* [^\n]*:$/;

/** What somebody should read, of which parts are to be pasted: sentences wrap, and what a line with a colon announces is code. */
export function prose(text: string): Block[] {
  const blocks: Block[] = [];
  let pasted: string[] | undefined;
  const flush = (): void => {
    const block = pasted?.join('\n').replace(/^\n+|\s+$/g, '') ?? '';
    if (block !== '') blocks.push(codeBlock(block, languageOf(block)));
    pasted = undefined;
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    const introduces = INTRODUCTION.test(line);
    if (pasted !== undefined && !(introduces && pasted.length > 0)) {
      pasted.push(line);
      continue;
    }
    flush();
    if (line.trim() !== '') blocks.push(paragraph(...sentence(line)));
    if (line.endsWith(':')) pasted = [];
  }
  flush();
  return blocks;
}

/** A sentence in which what is quoted, and Erlang terms, are code. */
export function sentence(text: string): Line {
  return text
    .split(/(`[^`]+`)/)
    .flatMap((part): Line => (/^`[^`]+`$/.test(part) ? [code(part.slice(1, -1))] : terms(part)))
    .filter((part) => part !== '');
}

/** `… {update, web, soft} …`: from each brace to the one that closes it. */
function terms(text: string): Inline[] {
  const start = text.search(/\$?\{(?=[a-zA-Z'"[{])/);
  if (start < 0) return [text];
  const end = closing(text, start);
  if (end === undefined) return [text];
  return [text.slice(0, start), code(text.slice(start, end)), ...terms(text.slice(end))];
}

function closing(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (text[at] === '}' && depth === 0) return at + 1;
  }
  return undefined;
}

function languageOf(text: string): string {
  if (/^(?:diff --git |--- )/m.test(text) || /^[-+] /.test(text)) return 'diff';
  return /[.;]$/.test(text) ? 'erlang' : '';
}
