import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './repository.js';

/** What differs from case to case in a message. */
export const GAP = '<>';

/** A message that users may see, as it stands in the sources. */
export interface MessageTemplate {
  readonly file: string;
  readonly text: string;
  /** Part of a longer sentence. */
  readonly fragment: boolean;
}

const CLASSES =
  /^(?:Action|BadInput|Refused|NodeRefused|CommandFailed|Deploy|Control|ControlLost|NodeEnded|Erlang|Cancelled|DiskFull|Boot|OtherManifest)Error$/;

/** Functions of ours that make an error of their first argument; what they add. */
const MAKERS: Readonly<Record<string, string>> = {
  serviceFailure: ': <>.',
  stoppedBy: ': <>.',
  askGithub: ': <>.',
};

/** Properties whose text becomes (part of) a message. */
const PROPERTIES = ['sentence', 'reason', 'text'];

/** All message templates of `src/**\/*.ts`. */
export function typescriptTemplates(): MessageTemplate[] {
  return globSync('src/**/*.ts', { cwd: projectRoot })
    .sort()
    .flatMap((file) => {
      const source = ts.createSourceFile(
        file,
        readFileSync(join(projectRoot, file), 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      );
      const found: MessageTemplate[] = [];
      visit(source, (node) => {
        const message = messageOf(node);
        for (const text of message === undefined ? [] : textsOf(message.text)) {
          found.push({ file, text: tidy(text + message!.suffix), fragment: message!.fragment });
        }
      });
      return found;
    });
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  node.forEachChild((child) => visit(child, see));
}

function messageOf(node: ts.Node): { text: ts.Expression; suffix: string; fragment: boolean } | undefined {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) {
    const text = node.arguments?.[0];
    if (text !== undefined && CLASSES.test(node.expression.text))
      return { text, suffix: '', fragment: false };
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    const suffix = MAKERS[node.expression.text];
    const text = node.arguments[0];
    if (suffix !== undefined && text !== undefined) return { text, suffix, fragment: false };
  }
  if (ts.isShorthandPropertyAssignment(node) && PROPERTIES.includes(node.name.text)) {
    return { text: node.name, suffix: '', fragment: true };
  }
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && PROPERTIES.includes(node.name.text)) {
    const value = node.initializer;
    const text = ts.isArrowFunction(value) && !ts.isBlock(value.body) ? value.body : value;
    return { text, suffix: '', fragment: true };
  }
  return undefined;
}

/** Every text that an expression can have, with gaps for what is not known. */
function textsOf(expression: ts.Expression): string[] {
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression)) return textsOf(expression.expression);
  if (ts.isConditionalExpression(expression)) {
    return [...textsOf(expression.whenTrue), ...textsOf(expression.whenFalse)];
  }
  if (ts.isTemplateExpression(expression)) {
    return expression.templateSpans.reduce(
      (texts, span) =>
        texts.flatMap((text) => textsOf(span.expression).map((one) => text + one + span.literal.text)),
      [expression.head.text],
    );
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textsOf(expression.left).flatMap((a) => textsOf(expression.right).map((b) => a + b));
  }
  const declared = ts.isIdentifier(expression) ? declaration(expression) : undefined;
  return declared === undefined ? [GAP] : textsOf(declared);
}

/** What a constant was set to, in the function around its use or at the top of the file. */
function declaration(name: ts.Identifier): ts.Expression | undefined {
  for (let scope: ts.Node | undefined = name.parent; scope !== undefined; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const { name: declared, initializer } of statement.declarationList.declarations) {
        if (ts.isIdentifier(declared) && declared.text === name.text && isText(initializer))
          return initializer;
      }
    }
  }
  return undefined;
}

function isText(expression: ts.Expression | undefined): boolean {
  if (expression === undefined) return false;
  if (ts.isConditionalExpression(expression)) {
    return isText(expression.whenTrue) && isText(expression.whenFalse);
  }
  return ts.isStringLiteralLike(expression) || ts.isTemplateExpression(expression);
}

const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const STRINGS = String.raw`${STRING}(?:\s*${STRING})*`;

/** Where our Erlang code makes a text that users may see: error tuples, and the functions that throw one. */
const ERLANG = [
  String.raw`\{error, *\w+, *(?:io_lib:format\(|\[)?\s*(${STRINGS})`,
  String.raw`\brefuse\(\w+,\s*(${STRINGS})`,
  String.raw`\bbad\((?:io_lib:format\()?\s*(${STRINGS})`,
  String.raw`\bfailed\(\w+,\s*(${STRINGS})`,
  String.raw`\bunsafe\((${STRINGS})`,
  String.raw`\bbad_config\(\[?(${STRINGS})`,
  String.raw`^ *\{\w+, (?:io_lib:format\(|\[)?\s*(${STRINGS})`,
  String.raw`-> \{\w+, (?:io_lib:format\(|\[)?\s*(${STRINGS})`,
  String.raw`_text\(.*\) ->\s*(?:io_lib:format\()?(${STRINGS})`,
].map((source) => new RegExp(source, 'gm'));

/** All message templates of `src/erlang/*.erl`. */
export function erlangTemplates(): MessageTemplate[] {
  return globSync('src/erlang/*.erl', { cwd: projectRoot })
    .sort()
    .flatMap((file) => {
      const source = readFileSync(join(projectRoot, file), 'utf8').replaceAll(/^\s*%.*$/gm, '');
      const texts = ERLANG.flatMap((pattern) =>
        [...source.matchAll(pattern)].map(([, text]) => text as string),
      );
      return [...new Set(texts)].map((text) => ({ file, text: tidy(erlangText(text)), fragment: true }));
    });
}

/** Adjacent strings are one; `~ts` and the like are gaps. */
function erlangText(strings: string): string {
  const parts = [...strings.matchAll(new RegExp(STRING, 'g'))].map(([text]) => text.slice(1, -1));
  return parts
    .join('')
    .replaceAll('\\"', '"')
    .replaceAll(/~0?t?[a-z]/g, GAP);
}

function tidy(text: string): string {
  return text.replaceAll('`', '').replaceAll(/\s+/g, ' ').trim();
}
