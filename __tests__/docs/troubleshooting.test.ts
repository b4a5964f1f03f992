import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { erlangTemplates, GAP, typescriptTemplates } from '../support/message-templates.js';
import { projectRoot } from '../support/repository.js';

/** Markdown as the text that is read: `\<name>` and `…` are gaps. */
function readable(markdown: string): string {
  return markdown
    .replaceAll(/\\<[^>]*>/g, GAP)
    .replaceAll(/<(?:name|version|app|project)>/g, (tag) => tag)
    .replaceAll('…', GAP)
    .replaceAll(/[`\\]|\*(?=\S)|(?<=\S)\*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const page = readFileSync(join(projectRoot, 'docs/troubleshooting.md'), 'utf8');
const text = readable(page);
const sections = page
  .slice(page.indexOf('## Inputs'), page.indexOf('## Warnings'))
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = '', ...body] = section.split('\n');
    // Other forms of the message: a paragraph of texts in italics.
    const also = /^Also: ([\s\S]*?)(?:\n\n|$(?![\s\S]))/m.exec(body.join('\n'))?.[1] ?? '';
    const others = [...also.matchAll(/\*([^*]+)\*/g)].map(([, form]) => readable(form as string));
    return { heading: readable(heading), others };
  });

/** A text with gaps, each of which stands for anything. */
function pattern(template: string): string {
  return template
    .split(GAP)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('[\\s\\S]*');
}

/** What is put together from other texts only: those are looked for on their own. */
const words = (template: string): number => template.replaceAll(GAP, ' ').match(/[A-Za-z]{2,}/g)?.length ?? 0;

const templates = [...typescriptTemplates(), ...erlangTemplates()].filter(
  (one) => words(one.text) >= 2 && one.text !== '<> The node runs <>. <>',
);
/** How a message begins; what follows another sentence begins in lower case, but for the name of an input or a program. */
const BEGINNING = /^(?:[A-Z<]|(?:upgrade-from|deploy-root|git|rebar3|relup-action|sasl|release_handler)\b)/;
const messages = templates.filter((one) => !one.fragment && BEGINNING.test(one.text));
const reasons = templates.filter((one) => !messages.includes(one));

const forms = sections.flatMap(({ heading, others }) => [heading, ...others]);

describe('docs/troubleshooting.md', () => {
  it('is checked against messages that are there', () => {
    expect(messages.length).toBeGreaterThan(80);
    expect(reasons.length).toBeGreaterThan(40);
    expect(sections.length).toBeGreaterThan(80);
  });

  it('has a heading for every message', () => {
    const missing = messages.filter(
      ({ text: message }) =>
        !forms.some((form) => new RegExp(`^${pattern(form)}$`).test(message)) &&
        !forms.some((form) => new RegExp(pattern(message)).test(form)),
    );
    expect(missing.map(({ file, text: message }) => `${file}: ${message}`)).toEqual([]);
  });

  it('tells every reason that a message may end with', () => {
    const missing = reasons.filter(({ text: reason }) => !new RegExp(pattern(reason)).test(text));
    expect(missing.map(({ file, text: reason }) => `${file}: ${reason}`)).toEqual([]);
  });

  it('has no heading that no message has any more', () => {
    const stale = forms.filter(
      (form) =>
        !templates.some(({ text: message }) => new RegExp(`^${pattern(form)}$`).test(message)) &&
        !templates.some(({ text: message }) => words(message) > 2 && new RegExp(pattern(message)).test(form)),
    );
    expect(stale).toEqual([]);
  });

  it('lists every finding, and no other', () => {
    const sources = globSync('src/**/*.ts', { cwd: projectRoot }).map((file) =>
      readFileSync(join(projectRoot, file), 'utf8'),
    );
    const ids = sources.flatMap((source) =>
      [...source.matchAll(/\bid: '(?:([a-z-]+)',\s*severity:|(rehearsal-[a-z-]+)')/g)].map(
        ([, id, rehearsal]) => (id ?? rehearsal) as string,
      ),
    );
    const table = page.slice(page.indexOf('## Rehearsal'));
    const listed = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id as string);
    expect(listed.sort()).toEqual([...new Set(ids)].sort());
  });
});
