// Markdown as GitHub shows it: its style sheet, GFM with alert boxes, and diagrams by Mermaid.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import markedAlert from 'marked-alert';

const style = fileURLToPath(import.meta.resolve('github-markdown-css/github-markdown.css'));
const mermaid = fileURLToPath(import.meta.resolve('@mermaid-js/tiny'));

/**
 * Shows Markdown in a page and draws its diagrams.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} markdown
 * @returns {Promise<string[]>} what Mermaid said of diagrams that it could not draw
 */
export async function showMarkdown(page, markdown) {
  const body = await new Marked({ gfm: true }).use(markedAlert()).parse(markdown);
  await page.setContent(`<!doctype html>
<html><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>${readFileSync(style, 'utf8')}
body { margin: 0; background: Canvas; }
.markdown-body { padding: 16px; font-family: "Noto Sans", "DejaVu Sans", sans-serif; }
.markdown-body .mermaid { text-align: center; background: none; }
</style></head><body><article class="markdown-body">${body}</article></body></html>`);
  if (!markdown.includes('```mermaid')) return [];
  await page.addScriptTag({ path: mermaid });
  return page.evaluate(DRAW);
}

/** In the page: every block of the language `mermaid` becomes a drawing. */
const DRAW = `(async () => {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'default' });
  const failures = [];
  let number = 0;
  for (const block of document.querySelectorAll('code.language-mermaid')) {
    try {
      const { svg } = await mermaid.render('diagram' + number++, block.textContent);
      const drawing = document.createElement('div');
      drawing.className = 'mermaid';
      drawing.innerHTML = svg;
      block.parentElement.replaceWith(drawing);
    } catch (error) {
      failures.push(String(error && error.message || error));
    }
  }
  return failures;
})()`;
