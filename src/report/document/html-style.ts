/** How report.html looks: light or dark as the reader has it, and readable on a telephone. */
export const STYLE = `
:root{--text:#1f2328;--muted:#59636e;--page:#fff;--box:#f6f8fa;--line:#d1d9e0;--link:#0969da;
--note:#0969da;--tip:#1a7f37;--warning:#9a6700;--caution:#cf222e;--minus:#ffebe9;--plus:#dafbe1;--other:#fff8c5}
@media(prefers-color-scheme:dark){:root{--text:#f0f6fc;--muted:#9198a1;--page:#0d1117;--box:#151b23;--line:#3d444d;
--link:#4493f8;--note:#4493f8;--tip:#3fb950;--warning:#d29922;--caution:#f85149;--minus:#67060c66;--plus:#033a1666;--other:#bb800926}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif;
overflow-wrap:anywhere}
main{max-width:960px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.7em;margin:0 0 16px}h2{font-size:1.35em;margin:32px 0 12px;padding-bottom:.25em;border-bottom:1px solid var(--line)}
h3{font-size:1.05em;margin:24px 0 8px}p,ul,table,pre,details,.timeline{margin:0 0 14px}ul{padding-left:1.4em}a{color:var(--link)}
code,pre{font:.86em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--box);border-radius:6px}
code{padding:.15em .35em;unicode-bidi:isolate}pre{padding:12px;overflow-x:auto}pre code{padding:0;font-size:1em;background:none;overflow-wrap:normal}
del,ins,pre b{display:inline-block;min-width:100%;text-decoration:none;font-weight:inherit}
del{background:var(--minus)}ins{background:var(--plus)}pre b{background:var(--other)}
table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:6px 10px;text-align:left;vertical-align:top}
th{background:var(--box)}details{border:1px solid var(--line);border-radius:6px;padding:8px 12px}summary{cursor:pointer}
details[open]>summary{margin-bottom:12px}details>:last-child{margin-bottom:0}
.alert{border-left:4px solid var(--c);padding:8px 16px;margin:0 0 16px}.alert p{margin:0 0 8px}.alert p:last-child{margin:0}
.alert .title{color:var(--c);font-weight:600}
.note{--c:var(--note)}.tip{--c:var(--tip)}.warning{--c:var(--warning)}.caution{--c:var(--caution)}
.lane{margin:10px 0 4px;color:var(--muted);font-size:.9em}
.step{display:grid;grid-template-columns:8.5em 1fr 4em;gap:8px;align-items:center;font-size:.9em}
.track{background:var(--box);border-radius:4px;height:14px;overflow:hidden}.track i{display:block;height:100%;min-width:3px;border-radius:4px;background:var(--tip)}
.track i.warning{background:var(--warning)}.track i.failed{background:var(--caution)}.time{text-align:right;color:var(--muted)}
.tree,.tree ul{list-style:none;padding-left:0;margin-bottom:8px}.tree ul{padding-left:18px;margin:0 0 0 10px;border-left:1px solid var(--line)}
.node{display:inline-block;margin:3px 0;padding:1px 8px;border:1px solid var(--line);border-radius:6px;background:var(--box)}
.node small{color:var(--muted)}.node.changed{border-color:var(--warning);background:var(--other)}.node.replaced{border-color:var(--warning);border-width:2px}
.node.added{border-color:var(--tip);background:var(--plus)}.node.removed{border-color:var(--caution);border-style:dashed;background:var(--minus)}
`;
