import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/report/figures.ts
function size(bytes) {
  if (bytes < 1e3) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  return `${(bytes / 1e3 ** power).toFixed(1)} ${units[power - 1]}`;
}
function seconds(time) {
  return `${time.toFixed(1)} s`;
}
function milliseconds(time) {
  return `${(1e3 * time).toFixed(1)} ms`;
}
function counted(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

// src/report/document/visible.ts
var INVISIBLE = /[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g;
function visible(text) {
  return text.replace(INVISIBLE, " ").trim();
}

// src/report/document/mermaid.ts
var LONGEST = 60;
var MOST_NODES = 60;
function label(text) {
  const shown = [...visible(text)];
  const cut = shown.length > LONGEST ? [...shown.slice(0, LONGEST - 1), "\u2026"] : shown;
  if (cut.length === 0) return "\u2013";
  return cut.map((char) => /[\p{L}\p{N} .…→–]/u.test(char) ? char : `#${char.codePointAt(0)};`).join("");
}
var TAGS = { ok: "", warning: "active, ", failed: "crit, " };
function gantt(lanes) {
  return [
    "gantt",
    "    dateFormat x",
    "    axisFormat %s s",
    `    tickInterval ${tick(lanes)}`,
    ...lanes.flatMap(({ name, bars }) => [`    section ${label(name)}`, ...bars.map(task)])
  ].join("\n");
}
function tick(lanes) {
  const end = Math.max(0, ...lanes.flatMap(({ bars }) => bars.map(({ start, seconds: seconds2 }) => start + seconds2)));
  const step = [1, 2, 5, 10, 30].find((seconds2) => end <= 10 * seconds2);
  return step === void 0 ? `${Math.ceil(end / 600)}minute` : `${step}second`;
}
var KEYWORD = /^(?:gantt|date|inc|exc|top|axis|tick|today|week|title|acc|section|click|call|href|end)/i;
function task({ name, start, seconds: seconds2, result }) {
  const from = Math.round(1e3 * start);
  const to = Math.max(from + 1, Math.round(1e3 * (start + seconds2)));
  return `    ${label(`${name} ${seconds(seconds2)}`).replace(KEYWORD, byNumber)} :${TAGS[result]}${from}, ${to}`;
}
function byNumber(word) {
  return `#${word.codePointAt(0)};${word.slice(1)}`;
}
var CLASSES = {
  same: "fill:#8b949e22,stroke:#8b949e",
  changed: "fill:#d2992244,stroke:#d29922",
  replaced: "fill:#f0883e55,stroke:#f0883e",
  added: "fill:#2ea04344,stroke:#2ea043",
  removed: "fill:#f8514944,stroke:#f85149,stroke-dasharray:4 3"
};
function unbroken(text) {
  return text.replaceAll(" ", "\xA0");
}
function flowchart(roots) {
  const lines = [];
  const used = /* @__PURE__ */ new Set();
  let count = 0;
  const draw = ({ name, note, mark, children }, parent) => {
    const id = `n${count++}`;
    used.add(mark);
    const text = [name, ...note === void 0 ? [] : [note]].map(label).map(unbroken).join("<br>");
    lines.push(`    ${parent === void 0 ? "" : `${parent} --- `}${id}["${text}"]:::${mark}`);
    for (const child of children) draw(child, id);
  };
  for (const root of roots) draw(root);
  return ["flowchart LR", ...lines, ...[...used].map((mark) => `    classDef ${mark} ${CLASSES[mark]}`)].join(
    "\n"
  );
}

// src/report/document/markdown.ts
var SPECIAL = /[!"#$%&'*;<=>?@[\\\]^_`{|}~]|:(?! |$)/g;
var START = /^(?:[-+](?=[- ]|$)|\d+[.)](?= |$))/;
var WWW = /www\./gi;
function markdownOf(blocks) {
  return blocks.map(markdown).join("\n\n");
}
function markdown(block) {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${inlines(block.line)}`;
    case "paragraph":
      return inlines(block.line);
    case "alert":
      return [
        `> [!${block.alert.toUpperCase()}]`,
        block.lines.map((line) => `> ${inlines(line)}`).join("\n>\n")
      ].join("\n");
    case "code":
      return codeBlock(block.text, block.language);
    case "table":
      return table(
        block.head.map(plain),
        block.rows.map((row) => row.map(inlines))
      );
    case "list":
      return block.items.map((item) => `- ${inlines(item)}`).join("\n");
    case "fold":
      return `<details><summary>${inlines(block.line)}</summary>

${markdownOf(block.blocks)}

</details>`;
    case "timeline":
      return codeBlock(gantt(block.lanes), "mermaid");
    case "tree":
      return codeBlock(flowchart(block.roots), "mermaid");
  }
}
function inlines(line) {
  return joined(line).map((one, index) => inline(one, index === 0)).join("");
}
function joined(line) {
  return line.reduce((all, one) => {
    const last = all.at(-1);
    return typeof one === "string" && typeof last === "string" ? [...all.slice(0, -1), last + one] : [...all, one];
  }, []);
}
function inline(one, first) {
  if (typeof one === "string") return spaced(one, first);
  if ("code" in one) return code(one.code);
  if ("strong" in one) return `<strong>${plain(one.strong)}</strong>`;
  return `[${plain(one.link)}](${address(one.url)})`;
}
function spaced(text, first) {
  const [before, after] = [
    /^\s/.test(text) && !first ? " " : "",
    /\s$/.test(text) && text.trim() !== "" ? " " : ""
  ];
  return `${before}${plain(text)}${after}`;
}
function address(url) {
  return url.replaceAll(
    /[\s()<>[\]\\"`]/g,
    (char) => encodeURIComponent(char).replace("(", "%28").replace(")", "%29")
  );
}
function plain(text) {
  return visible(text).replace(SPECIAL, escaped).replace(START, (marker) => `${marker.slice(0, -1)}${reference(marker.slice(-1))}`).replace(WWW, (start) => `${start.slice(0, -1)}<span>${reference(".")}</span>`);
}
function code(text) {
  return `<code>${plain(text)}</code>`;
}
function escaped(char) {
  return "@:#".includes(char) ? `<span>${reference(char)}</span>` : reference(char);
}
function reference(char) {
  return `&#${char.codePointAt(0)};`;
}
function codeBlock(text, language = "") {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}
${text}
${fence}`;
}
function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

// src/report/document/blocks.ts
function code2(text) {
  return { code: text };
}
function strong(text) {
  return { strong: text };
}
function heading(level, ...line) {
  return { kind: "heading", level, line };
}
function paragraph(...line) {
  return { kind: "paragraph", line };
}
function alert(kind, ...lines) {
  return { kind: "alert", alert: kind, lines };
}
function codeBlock2(text, language = "") {
  return { kind: "code", text, language };
}
function table2(head, rows) {
  return { kind: "table", head, rows };
}
function list(items) {
  return { kind: "list", items };
}
function fold(line, blocks) {
  return { kind: "fold", line, blocks };
}

export {
  size,
  seconds,
  milliseconds,
  counted,
  visible,
  code2 as code,
  strong,
  heading,
  paragraph,
  alert,
  codeBlock2 as codeBlock,
  table2 as table,
  list,
  fold,
  MOST_NODES,
  markdownOf
};
