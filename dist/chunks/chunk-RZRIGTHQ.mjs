import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  annotate,
  annotateAnswer
} from "./chunk-JVLWUZP5.mjs";
import {
  MOST_NODES,
  alert,
  code,
  codeBlock,
  counted,
  fold,
  heading,
  list,
  markdownOf,
  milliseconds,
  paragraph,
  seconds,
  size,
  strong,
  table,
  visible
} from "./chunk-DSXX23LJ.mjs";
import {
  explainFailure
} from "./chunk-HMNT6SPE.mjs";
import {
  entryText
} from "./chunk-HJBUD44Z.mjs";
import {
  releasesText
} from "./chunk-NOP5OLXF.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  closeWorkspace,
  openWorkspace
} from "./chunk-RM2ZBCWW.mjs";
import {
  ActionError,
  RefusedError,
  StoppedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  group,
  setOutput,
  summary,
  warning
} from "./chunk-V2SBDBD4.mjs";

// src/report/report-file.ts
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/report/document/html-style.ts
var STYLE = `
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

// src/report/document/html-timeline.ts
function timeline(lanes) {
  const end = Math.max(...lanes.flatMap(({ bars }) => bars.map((bar2) => bar2.start + bar2.seconds)), 1e-3);
  const share = (time) => `${(100 * time / end).toFixed(2)}%`;
  const row2 = (bar2) => `<div class="step"><span>${shown(bar2.name)}</span><span class="track"><i class="${bar2.result}" style="margin-left:${share(bar2.start)};width:${share(bar2.seconds)}"></i></span><span class="time">${seconds(bar2.seconds)}</span></div>`;
  const parts = lanes.map(({ name, bars }) => `<p class="lane">${shown(name)}</p>${bars.map(row2).join("")}`);
  return `<div class="timeline">${parts.join("")}</div>`;
}
function shown(name) {
  return visible(name).replace(/[&<>"'`]/g, (char) => `&#${char.codePointAt(0)};`);
}

// src/report/document/html.ts
function htmlOf({ title: title2, blocks }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${text(title2)}</title>
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
function htmlOfBlocks(blocks) {
  return blocks.map(html).join("\n");
}
function html(block) {
  switch (block.kind) {
    case "heading":
      return `<h${block.level}>${inlines(block.line)}</h${block.level}>`;
    case "paragraph":
      return `<p>${inlines(block.line)}</p>`;
    case "alert":
      return alert2(block.alert, block.lines);
    case "code":
      return `<pre><code>${block.language === "diff" ? diff(block.text) : characters(block.text)}</code></pre>`;
    case "table":
      return `<table><thead>${row("th", block.head.map(text))}</thead><tbody>${block.rows.map((cells2) => row("td", cells2.map(inlines))).join("")}</tbody></table>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join("")}</ul>`;
    case "fold":
      return `<details><summary>${inlines(block.line)}</summary>${htmlOfBlocks(block.blocks)}</details>`;
    case "timeline":
      return timeline(block.lanes);
    case "tree":
      return `<ul class="tree">${block.roots.map(node).join("")}</ul>`;
  }
}
var TITLES = {
  note: "Note",
  tip: "Tip",
  warning: "Warning",
  caution: "Caution"
};
function alert2(kind, lines) {
  const body2 = lines.map((line) => `<p>${inlines(line)}</p>`).join("");
  return `<div class="alert ${kind}"><p class="title">${TITLES[kind]}</p>${body2}</div>`;
}
function row(element, cells2) {
  return `<tr>${cells2.map((cell) => `<${element}>${cell}</${element}>`).join("")}</tr>`;
}
function node({ name, note, mark, children }) {
  const below = children.length === 0 ? "" : `<ul>${children.map(node).join("")}</ul>`;
  const small = note === void 0 ? "" : ` <small>${text(note)}</small>`;
  return `<li><span class="node ${mark}">${text(name)}${small}</span>${below}</li>`;
}
function diff(lines) {
  return lines.split("\n").map((line) => {
    const element = { "-": "del", "+": "ins", "!": "b" }[line.charAt(0)];
    return element === void 0 ? characters(line) : `<${element}>${characters(line)}</${element}>`;
  }).join("\n");
}
function inlines(line) {
  return line.map(inline).join("");
}
function inline(one) {
  if (typeof one === "string") return characters(one.replace(/\s+/g, " "));
  if ("code" in one) return `<code>${text(one.code)}</code>`;
  if ("strong" in one) return `<strong>${text(one.strong)}</strong>`;
  return /^https?:\/\//.test(one.url) ? `<a href="${characters(one.url)}" rel="noreferrer">${text(one.link)}</a>` : text(one.link);
}
function text(raw) {
  return characters(visible(raw));
}
function characters(raw) {
  return raw.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD").replace(/[&<>"'`]/g, (char) => `&#${char.codePointAt(0)};`);
}

// src/report/sections/module-counts.ts
function modulesOf({ modules: { added, changed, removed } }) {
  const counts = [
    added.length > 0 ? `${added.length} added` : "",
    changed.length > 0 ? `${changed.length} changed` : "",
    removed.length > 0 ? `${removed.length} removed` : ""
  ].filter((text2) => text2 !== "");
  return counts.join(", ") || "same code";
}

// src/report/sections/application-diagram.ts
function applicationDiagram({ rehearsal: rehearsal2, release }, difference) {
  if (rehearsal2?.versions.some(({ supervision: supervision2 }) => supervision2.length > 0) === true) return [];
  const root = treeOf(difference, release?.version ?? "");
  return root.children.length === 0 ? [] : [{ kind: "tree", roots: [root] }];
}
function treeOf({ upFrom, changed, added, removed, unbumped }, to) {
  const nodes = [
    ...changed.map((change) => node2(change, "changed")),
    ...added.map((change) => node2(change, "added")),
    ...removed.map((change) => node2(change, "removed")),
    ...unbumped.map((change) => node2(change, "replaced"))
  ];
  const rest = nodes.length - MOST_NODES;
  const more = rest > 0 ? [{ name: counted(rest, "more application"), mark: "same", children: [] }] : [];
  return {
    name: upFrom.name,
    note: `${upFrom.version} \u2192 ${to}`,
    mark: "same",
    children: [...nodes.slice(0, MOST_NODES), ...more]
  };
}
function node2(change, mark) {
  const { name, from, to } = change;
  const what = { added: "added", removed: "removed", replaced: "version not raised", changed: "", same: "" }[mark];
  const version = [from, mark === "replaced" ? void 0 : to].filter(Boolean).join(" \u2192 ");
  return { name: `${name} ${version}`, note: what || `modules: ${modulesOf(change)}`, mark, children: [] };
}

// src/report/sections/applications.ts
var LINES = 300;
function applications(record) {
  return (record.differences ?? []).flatMap((difference) => [
    heading(2, `Applications, ${difference.upFrom.version} \u2192 ${record.release?.version ?? ""}`),
    ...applicationDiagram(record, difference),
    ...differing(record, difference)
  ]);
}
function differing({ appups = [] }, { changed, added, removed, unbumped }) {
  const all = [...changed, ...added, ...removed, ...unbumped];
  if (all.length === 0) return [paragraph("No application differs.")];
  const appupOf = ({ name }) => appups.find(({ application }) => application === name);
  const rows = all.map((change) => [[code(change.name)], [versionsOf(change)], [modulesOf(change)]]);
  const used = all.flatMap((change) => {
    const appup = appupOf(change);
    return appup === void 0 ? [] : [appupLine(change, appup)];
  });
  return [
    table(["application", "version", "modules"], rows),
    ...used.length === 0 ? [] : [list(used)],
    fold(["Modules that differ"], [codeBlock(diff2(all), "diff")])
  ];
}
function versionsOf({ from, to }) {
  if (from === void 0) return `${to ?? ""}, added`;
  if (to === void 0) return `${from}, removed`;
  return from === to ? `${from}, not raised` : `${from} \u2192 ${to}`;
}
function appupLine(change, { origin, file, up }) {
  if (origin === "generated") return [code(change.name), ": generated appup, see below"];
  const pattern = up.find(({ upFrom }) => upFrom === change.from)?.pattern;
  const entry = pattern?.startsWith("<<") === true ? [", entry ", code(pattern)] : [];
  return [code(change.name), `: ${origin} appup `, code(file), ...entry];
}
function diff2(changes) {
  const lines = changes.flatMap((change) => [
    ...change.from === void 0 || change.from === change.to ? [] : [`- ${change.name} ${change.from}`],
    ...change.to === void 0 ? [] : [`${change.from === change.to ? " " : "+"} ${change.name} ${change.to}`],
    ...change.modules.removed.map((module) => `-     ${module}`),
    ...change.modules.changed.map((module) => `!     ${module}`),
    ...change.modules.added.map((module) => `+     ${module}`)
  ]);
  const rest = lines.length - LINES;
  return [...lines.slice(0, LINES), ...rest > 0 ? [`  ${counted(rest, "more line")}`] : []].join("\n");
}

// src/report/reproduce.ts
import { basename } from "node:path";

// src/shared/rebar3-arguments.ts
function rebar3Arguments(task, { profile, release }) {
  const name = release === void 0 ? [] : ["-n", release];
  if (task === "tar-alone") return ["as", profile, "tar", ...name];
  const assemble = ["release", ...name];
  if (task === "release") return ["as", profile, ...assemble];
  return ["as", profile, "do", ...assemble.with(-1, `${assemble.at(-1) ?? ""},`), "tar", ...name];
}

// src/report/reproduce.ts
function reproduction(record) {
  const { release, upFrom, relup: relup2, refs, packages: packages2, build } = record;
  if (!release || !upFrom || !relup2 || !refs || !packages2 || !build) return void 0;
  const { name, version } = release;
  const steps2 = [
    "# in a clone of the repository, with the OTP and rebar3 named below, and the full package there",
    ...upFrom.flatMap((one) => upFromSteps(one, build, name)),
    "# the new release with the appups that were chosen, and the relup from both",
    `mkdir new && tar -xzf ${quoted(basename(packages2.full.path))} -C new`,
    `erl -noinput -eval ${quoted(relupCall(name, version, upFrom))}`,
    `cmp relup new/releases/${version}/relup`,
    "# the new release from its sources",
    ...buildSteps({ folder: "build-new", commit: refs.newCommit, build, task: "tar" })
  ];
  return steps2.join("\n");
}
function relupCall(name, version, upFrom) {
  const rels = upFrom.map((one) => `"old-${one.version}/releases/${one.version}/${name}"`).join(", ");
  const paths = ["new", ...upFrom.map((one) => `old-${one.version}`)].map((dir) => `"${dir}/lib/*/ebin"`);
  const options = `[silent, {path, [${paths.join(", ")}]}, {outdir, "."}]`;
  return `{ok, _, _, _} = systools:make_relup("new/releases/${version}/${name}", [${rels}], [${rels}], ${options}), halt().`;
}
function upFromSteps({ version, source }, build, name) {
  const old = `old-${version}`;
  if (source.kind === "tarball") {
    const { path, published } = source;
    const file = quoted(basename(path));
    return [
      ...published === void 0 ? [`# ${version}: the package that was given`] : [
        `# ${version}: the package of its GitHub release`,
        `gh release download ${quoted(published.tag)} --pattern ${file}`
      ],
      `mkdir ${old} && tar -xzf ${file} -C ${old}`
    ];
  }
  const folder = `build-${version}`;
  const assembled = joined(
    folder,
    build.projectPath,
    "_build",
    build.profile.replaceAll(",", "+"),
    "rel",
    name
  );
  return [
    ...buildSteps({ folder, commit: source.commit, build, task: "release" }),
    `ln -s ${quoted(assembled)} ${old}`
  ];
}
function buildSteps({
  folder,
  commit,
  build,
  task
}) {
  const { profile, release } = build;
  const project = quoted(joined(folder, build.projectPath));
  return [
    `git worktree add --detach ${folder} ${commit}`,
    ...build.prepared ? [`# in ${project}, the command of the input prepare`] : [],
    `(cd ${project} && rebar3 ${rebar3Arguments(task, { profile, ...defined({ release }) }).join(" ")})`
  ];
}
function joined(...parts) {
  return parts.filter((part) => part !== "").join("/");
}
function quoted(text2) {
  return /^[\w./+~-]+$/.test(text2) ? text2 : `'${text2.replaceAll("'", "'\\''")}'`;
}
function atDesk(record) {
  const { failure, refs, build, toolchain, deployed: deployed2, nodeState } = record;
  if (!failure || !refs || !build || deployed2 || nodeState !== void 0) return void 0;
  const upFrom = refs.upFrom.map((one) => one.kind === "ref" ? one.commit : one.path);
  const options = [
    ...build.projectPath === "" ? [] : ["--working-directory", build.projectPath],
    ...build.profile === "prod" ? [] : ["--profile", build.profile],
    ...build.release === void 0 ? [] : ["--release", build.release],
    ...upFrom.length === 0 ? [] : ["--upgrade-from", upFrom.join(",")]
  ];
  const command = record.change === void 0 ? "rehearse" : "check";
  const { newCommit } = refs;
  const other = "and the other inputs of the step, as options of the same names";
  return [
    `# in a clone${toolchain === void 0 ? "" : `, with OTP ${toolchain.otpVersion} and rebar3 ${toolchain.rebar3} on the PATH`}; ${other}`,
    `git fetch origin ${newCommit} && git checkout --detach ${newCommit}`,
    ["npx", "relup-action", command, ...options.map(quoted)].join(" ")
  ].join("\n");
}

// src/report/sections/check.ts
function raisedVersions({ answer, raised }) {
  if (answer === void 0) return [];
  const seen = [raised?.release, ...raised?.applications ?? []].filter((one) => one !== void 0);
  if (seen.length === 0) return [];
  const rows = seen.map((one) => [[code(one.name)], [one.version], [one.raised]]);
  return [fold(["Versions that only this run saw"], [table(["", "in the sources", "here"], rows)])];
}
function desk(record) {
  const commands = atDesk(record);
  return commands === void 0 ? [] : [fold(["How to see it at your desk"], [codeBlock(commands, "sh")])];
}

// src/report/sections/deploy.ts
function deploy({ deployed: deployed2, nodeState, journal = [] }) {
  if (nodeState === void 0 || deployed2 === void 0 && journal.length === 0) return [];
  return [
    heading(2, "Deploy"),
    ...deployed2?.way === void 0 ? [] : [paragraph(deployed2.way)],
    ...deployed2?.after === void 0 ? [] : [nodeTable(deployed2.before, deployed2.after)],
    ...journal.length === 0 ? [] : [fold(["Journal"], [codeBlock(journal.map(entryText).join("\n"))])]
  ];
}
function nodeTable(before, after) {
  const both = [before, after];
  return table(
    ["", "before", "after"],
    [
      [["releases"], ...cells(both, ({ releases }) => code(releasesText(releases)))],
      [["process id"], ...cells(both, ({ osPid }) => code(osPid))],
      [["emulator started"], ...cells(both, ({ startedAt }) => timeText(startedAt))]
    ]
  );
}
function cells(nodes, what) {
  return nodes.map((node3) => [node3 === void 0 ? "no node ran" : what(node3)]);
}
function timeText(startedAt) {
  return `${new Date(startedAt).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

// src/model/finding.ts
function isError({ severity }) {
  return severity === "error";
}
function distinct(findings) {
  const key = ({ id, severity, message, remedy, location }) => JSON.stringify([id, severity, message, remedy, location]);
  return [...new Map(findings.map((one) => [key(one), one])).values()];
}
function stoppedBy(what, findings, options = {}) {
  const errors = distinct(findings.filter(isError));
  const ids = [...new Set(errors.map(({ id }) => id))].join(", ");
  const said = errors.length === 1 ? `one finding stops it (${ids}). It says what to do.` : `${errors.length} findings stop it (${ids}). Each says what to do.`;
  return new StoppedError(`${what}: ${said}`, options);
}

// src/report/document/prose.ts
var INTRODUCTION = /^[A-Z][^\n]* [^\n]*:$/;
function prose(text2) {
  const blocks = [];
  let pasted;
  const flush = () => {
    const block = pasted?.join("\n").replace(/^\n+|\s+$/g, "") ?? "";
    if (block !== "") blocks.push(codeBlock(block, languageOf(block)));
    pasted = void 0;
  };
  for (const line of text2.split(/\r\n|\n|\r/)) {
    const introduces = INTRODUCTION.test(line);
    if (pasted !== void 0 && !(introduces && pasted.length > 0)) {
      pasted.push(line);
      continue;
    }
    flush();
    if (line.trim() !== "") blocks.push(paragraph(...sentence(line)));
    if (line.endsWith(":")) pasted = [];
  }
  flush();
  return blocks;
}
function sentence(text2) {
  return text2.split(/(`[^`]+`)/).flatMap((part) => /^`[^`]+`$/.test(part) ? [code(part.slice(1, -1))] : terms(part)).filter((part) => part !== "");
}
function terms(text2) {
  const start = text2.search(/\$?\{(?=[a-zA-Z'"[{])/);
  if (start < 0) return [text2];
  const end = closing(text2, start);
  if (end === void 0) return [text2];
  return [text2.slice(0, start), code(text2.slice(start, end)), ...terms(text2.slice(end))];
}
function closing(text2, start) {
  let depth = 0;
  for (let at = start; at < text2.length; at++) {
    if (text2[at] === "{") depth += 1;
    if (text2[at] === "}") depth -= 1;
    if (text2[at] === "}" && depth === 0) return at + 1;
  }
  return void 0;
}
function languageOf(text2) {
  if (/^(?:diff --git |--- )/m.test(text2) || /^[-+] /.test(text2)) return "diff";
  return /[.;]$/.test(text2) ? "erlang" : "";
}

// src/report/told.ts
function isTold({ message }, { change, failure }) {
  return change !== void 0 && failure?.message.endsWith(message) === true;
}

// src/report/sections/findings.ts
function stoppers(record) {
  if (record.failure === void 0) return [];
  const stopping = record.findings.filter((finding) => isError(finding) && !isTold(finding, record));
  return withHeading("What stops it", stopping);
}
function otherFindings(record, told) {
  const { findings, failure } = record;
  const shown2 = findings.filter(
    (finding) => !(failure !== void 0 && isError(finding)) && !told.includes(finding)
  );
  return withHeading("Findings", shown2);
}
function withHeading(title2, findings) {
  const all = distinct(findings);
  if (all.length === 0) return [];
  const ids = [...new Set(all.map(({ id }) => id))];
  return [
    heading(2, title2),
    ...ids.flatMap((id) => {
      const same = all.filter((finding) => finding.id === id);
      return [heading(3, code(id), ` (${same[0]?.severity ?? ""})`), ...same.flatMap(findingBlocks)];
    })
  ];
}
function findingBlocks({ message, remedy, location }) {
  const where = location === void 0 ? [] : [
    paragraph(
      "In ",
      code(location.file),
      ...location.line === void 0 ? [] : [`, line ${location.line}`],
      "."
    )
  ];
  return [...prose(message), ...where, ...whatToDo(remedy)];
}
function whatToDo(remedy) {
  const [first, ...more] = prose(remedy ?? "");
  if (first?.kind !== "paragraph") return first === void 0 ? [] : [first, ...more];
  return [paragraph(strong("What to do:"), " ", ...first.line), ...more];
}

// src/report/sections/generated-appups.ts
var MOST = 200;
function generatedAppups({ appups = [], release, failure, packages: packages2 }) {
  const generated = appups.filter(({ origin }) => origin === "generated");
  if (generated.length === 0) return [];
  const isUsed = failure === void 0 || packages2 !== void 0;
  return [
    heading(2, "Generated appups"),
    paragraph("Made from what changed in the code. ", ...isUsed ? USED : UNUSED),
    ...generated.map((appup) => fold([title(appup)], body(appup, release?.version ?? "")))
  ];
}
var USED = [
  "They are in the packages; to make one your own, save it under the name shown and commit it. The artifact has them in ",
  code("appups/"),
  "."
];
var UNUSED = [
  "No package has them, because the upgrade was stopped; to change one, save it under the name shown, mend it there and commit it."
];
function title({ application, version, up }) {
  return `${application} ${up.map(({ upFrom }) => upFrom).join(", ")} \u2192 ${version}`;
}
function body({ file, text: text2, up, down }, version) {
  return [
    paragraph("Save it as ", code(file), ` (release ${version}):`),
    codeBlock((text2 ?? "").trim(), "erlang"),
    ...up.flatMap((entry) => steps(`up from ${entry.upFrom}`, entry)),
    ...down.flatMap((entry) => steps(`down to ${entry.upFrom}`, entry))
  ];
}
function steps(direction, { instructions, explained = [] }) {
  if (instructions.length === 0) return [paragraph(`${direction}: nothing to do, the code is the same.`)];
  const items = instructions.slice(0, MOST).map((instruction, index) => {
    const words = explained[index] ?? "";
    return [code(instruction), words === "" ? "" : `: ${words}`];
  });
  const rest = instructions.length - MOST;
  return [paragraph(`What it does, ${direction}:`), list(rest > 0 ? [...items, [`${rest} more`]] : items)];
}

// src/report/sections/packages.ts
import { basename as basename2 } from "node:path";
function artifactLine({ name, url }) {
  return url === void 0 ? [code(name)] : [{ link: name, url }];
}
function packages({ packages: packages2, artifact, published, attestation }) {
  if (packages2 === void 0) return [];
  const { full, upgrade, debug } = packages2;
  const made = [
    ["fresh installations", full],
    ["running nodes", upgrade],
    ["the next build", debug]
  ].filter((one) => one[1] !== void 0);
  const rows = made.map(([use, one]) => [[code(basename2(one.path))], [`${use}, ${size(one.size)}`]]);
  const sums = made.map(([, { sha256, path }]) => `${sha256}  ${basename2(path)}`);
  return [
    heading(2, "Packages"),
    table(["package", "for"], rows),
    fold(["SHA-256"], [codeBlock(sums.join("\n"))]),
    ...artifact === void 0 ? [] : [paragraph("Artifact: ", ...artifactLine(artifact))],
    ...published === void 0 ? [] : [
      paragraph(
        "GitHub release: ",
        { link: published.tag, url: published.url },
        published.draft ? ", a draft" : ""
      )
    ],
    ...attestation === void 0 ? [] : [paragraph("Attestation of who made them: ", { link: attestation.id, url: attestation.url })]
  ];
}
function byHand({ release, packages: packages2, upgradeKind }) {
  if (release === void 0 || packages2?.upgrade === void 0 || upgradeKind !== "hot") return [];
  const { name, version } = release;
  const template = `releases/${version}/sys.config.src`;
  const title2 = ["How to apply it by hand"];
  if (packages2.full.files.some(({ path }) => path === template)) {
    return [
      fold(title2, [
        paragraph(
          "Use the deploy step (",
          code("deploy: true"),
          ", or the action ",
          code("deploy/"),
          "): ",
          code(template),
          " is a template that an upgrade by hand does not fill in, and the node would go on with an empty configuration."
        )
      ])
    ];
  }
  const lines = [
    "# in the folder where the running release is installed, as its user and with its environment",
    `cp ${basename2(packages2.upgrade.path)} releases/${name}-${version}.tar.gz`,
    `bin/${name} upgrade ${version}`,
    `bin/${name} versions`
  ];
  return [fold(title2, [codeBlock(lines.join("\n"), "sh")])];
}
function elsewhere(record) {
  const commands = reproduction(record);
  return commands === void 0 ? [] : [fold(["How to make it elsewhere"], [codeBlock(commands, "sh")])];
}

// src/report/sections/phases.ts
function phases({ phases: phases2 }) {
  if (phases2.length === 0) return [];
  const rows = phases2.map((phase) => [[phase.name], [seconds(phase.seconds)], [phase.ok ? "ok" : "failed"]]);
  return [fold(["Time of each phase"], [table(["phase", "time", ""], rows)])];
}

// src/report/sections/cluster.ts
var NAMES = {
  connection: "connections",
  "global name": "global names",
  "process group": "process groups (pg)",
  "mnesia node": "mnesia's running nodes"
};
function cluster({ cluster: of, upFrom }, to) {
  if (of === void 0) return [];
  const { versions: versions2, together, shared } = of;
  const [one, other] = versions2;
  return [
    heading(3, "Two connected nodes"),
    paragraph(
      together ? `Two nodes of ${upFrom} ran connected, and both were upgraded to ${to} at the same time, because the relup waits for that (sync_nodes).` : `A node of ${one} and one of ${other} ran connected, and the first was upgraded to ${to}.`
    ),
    table(
      ["in common", "before", "after the upgrade"],
      shared.map((part) => [[NAMES[part.kind]], [String(part.before)], leftOf(part)])
    )
  ];
}
function leftOf({ lost }) {
  return lost.length === 0 ? ["all there"] : [strong("not as before"), `: ${lost.join(", ")}`];
}

// src/report/sections/supervision.ts
var MARKS = {
  kept: "same",
  "new code": "changed",
  restarted: "replaced",
  started: "added",
  ended: "removed"
};
function supervision({ supervision: supervision2 }) {
  if (supervision2.length === 0) return [];
  const roots = supervision2.map(({ application, top }) => ({
    name: application,
    note: "application",
    mark: "same",
    children: [treeOf2(top)]
  }));
  const shown2 = prune(roots, MOST_NODES);
  return [
    heading(3, "What the upgrade did to the supervision tree"),
    { kind: "tree", roots: shown2 },
    ...sizeOf(shown2) < sizeOf(roots) ? [paragraph("Processes that were left as they are are not all shown.")] : []
  ];
}
function treeOf2({ name, kind, fate, children }) {
  const what = fate === "kept" ? kind === "worker" ? "" : kind : fate;
  return {
    name,
    ...what === "" ? {} : { note: what },
    mark: MARKS[fate],
    children: children.map(treeOf2)
  };
}
function sizeOf(nodes) {
  return nodes.reduce((sum, { children }) => sum + 1 + sizeOf(children), 0);
}
function prune(roots, most) {
  if (sizeOf(roots) <= most) return [...roots];
  let left = most;
  const keep = (nodes) => nodes.flatMap((node3) => {
    if (left <= 0 || !isChanged(node3)) return [];
    left -= 1;
    return [{ ...node3, children: keep(node3.children) }];
  });
  return keep(roots);
}
function isChanged({ mark, children }) {
  return mark !== "same" || children.some(isChanged);
}

// src/report/sections/timeline.ts
var OWN_NODE = ["cold boot", "full package"];
var CONNECTED = ["cluster", "cluster upgrade"];
function timelineOf(steps2) {
  const main = steps2.filter(({ name }) => !OWN_NODE.includes(name) && !CONNECTED.includes(name));
  const lanes = [
    { name: "node 1", bars: main.map(bar) },
    ...steps2.filter(({ name }) => OWN_NODE.includes(name)).map((step, index) => ({ name: `node ${index + 2}`, bars: [bar(step)] })),
    {
      name: "two connected nodes",
      bars: steps2.filter(({ name }) => CONNECTED.includes(name)).map(bar)
    }
  ];
  return lanes.filter(({ bars }) => bars.length > 0);
}
function bar({ name, start, seconds: time, checks }) {
  const results = Object.values(checks);
  const result = ["failed", "warning"].find((one) => results.includes(one)) ?? "ok";
  return { name, start, seconds: time, result };
}

// src/report/sections/rehearsal.ts
var CHECKS = [
  ["done", "carried out"],
  ["code", "code"],
  ["applications", "applications"],
  ["environment", "environment"],
  ["supervision", "supervision"],
  ["processes", "processes"],
  ["cluster", "cluster"],
  ["command", "check"]
];
function rehearsal({ rehearsal: rehearsal2, release }) {
  if (rehearsal2 === void 0) return [];
  const corrections = rehearsal2.corrections.map(
    ({ application, direction, instruction }) => `%% ${application}, ${direction}
${instruction}`
  );
  return [
    ...rehearsal2.versions.flatMap((version) => versionBlocks(version, release?.version ?? "")),
    ...corrections.length === 0 ? [] : [
      fold(
        ["Instructions that generated appups got from the rehearsal"],
        [codeBlock(corrections.join("\n"), "erlang")]
      )
    ]
  ];
}
function versionBlocks(version, to) {
  const { upFrom, outcome: outcome2, seconds: time, steps: steps2 } = version;
  return [
    heading(2, `Rehearsal, ${upFrom} \u2192 ${to}: ${outcome2}`),
    paragraph(
      `It took ${seconds(time)} on nodes of this runner`,
      outcome2 === "unproven" ? "." : "; what each step led to was compared with a boot of the same release."
    ),
    ...steps2.length === 0 ? [] : [
      { kind: "timeline", lanes: timelineOf(steps2) },
      table(
        ["step", "result", "time"],
        steps2.map(({ name, checks, seconds: took }) => [[name], resultOf(checks), [seconds(took)]])
      ),
      ...suspensions(version),
      fold(["What was looked at in each step"], [list(steps2.map((step) => looked(version, step)))])
    ],
    ...supervision(version),
    ...cluster(version, to),
    ...trees(version),
    ...details(version)
  ];
}
function suspensions({ installations, steps: steps2 }) {
  const each = steps2.flatMap(({ name }) => {
    const { suspended, supervised } = installations[name] ?? {};
    if (suspended === void 0) return [];
    return [`${name} ${milliseconds(suspended.longestSeconds)} (${count(suspended.processes, supervised)})`];
  });
  return each.length === 0 ? [] : [paragraph(`Longest suspension of a process: ${each.join(", ")}.`)];
}
function resultOf(checks) {
  const bad = CHECKS.flatMap(([check, name]) => {
    const result = checks[check];
    if (result === void 0 || result === "ok") return [];
    return [strong(check === "done" ? "not carried out" : `${name}: ${result}`)];
  });
  return bad.length === 0 ? ["ok"] : bad.flatMap((one, index) => index === 0 ? [one] : [", ", one]);
}
function looked({ installations }, { name, checks }) {
  const names = CHECKS.flatMap(([check, what]) => checks[check] === void 0 ? [] : [what]);
  const install = installations[name];
  const time = install === void 0 ? "" : `; release_handler was at work for ${milliseconds(install.seconds)}`;
  return [`${name}: ${names.join(", ")}${time}`];
}
function trees({ trees: trees2 }) {
  return trees2.map(
    ({ step, application, found, booted }) => fold(
      ["Supervision tree of ", code(application), ` after the step ${step}, and after a boot`],
      [paragraph("After the step:"), codeBlock(found), paragraph("After a boot:"), codeBlock(booted)]
    )
  );
}
function details({ findings }) {
  return findings.flatMap(
    ({ step, id, details: details2 }) => details2 === void 0 || details2.trim() === "" ? [] : [fold(["Details of ", code(id), `, step ${step}`], [codeBlock(details2.slice(-1e4))])]
  );
}
function count(processes, supervised = 0) {
  if (processes <= supervised) return `${processes} of ${supervised} processes`;
  return processes === 1 ? "1 process" : `${processes} processes`;
}

// src/report/sections/relup.ts
function relup({ relup: relup2 }) {
  if (relup2 === void 0) return [];
  const script = (title2, { instructions }) => fold([title2], [codeBlock(instructions.join(",\n"), "erlang")]);
  return [
    heading(2, "Relup"),
    ...relup2.up.map((one) => script(`up from ${one.version}`, one)),
    ...relup2.down.map((one) => script(`down to ${one.version}`, one))
  ];
}

// src/report/sections/verdict.ts
import { basename as basename3 } from "node:path";

// src/report/sections/deployed.ts
var LEADS = {
  upgraded: "Deployed.",
  installed: "Installed.",
  restarted: "Deployed, by a restart.",
  downgraded: "Taken back."
};
function deployed({ deployed: result, nodeState = "untouched" }) {
  const lead = LEADS[nodeState];
  if (result === void 0 || lead === void 0) return unchanged(result, nodeState);
  const { after, deployedVersion } = result;
  const node3 = after === void 0 ? ["The node"] : ["The node ", code(after.node)];
  const said = [
    strong(lead),
    " ",
    ...node3,
    " runs ",
    code(deployedVersion),
    `, permanently${emulator(result)}.`
  ];
  return alert(
    "tip",
    said,
    next("nothing is left to do here; further nodes are deployed one after the other.")
  );
}
function emulator({ before, after }) {
  if (before === void 0 || after === void 0) return "";
  const same = after.osPid === before.osPid && after.startedAt === before.startedAt;
  return same ? "; its emulator was not restarted" : "; its emulator was restarted";
}
function unchanged(result, nodeState) {
  const dryRun = result?.dryRun === true;
  const way = result?.way ?? "";
  const nothing = [strong("Nothing was changed."), " "];
  if (!dryRun)
    return alert("note", [
      ...nothing,
      way === "" ? "The node is " : `${way} The node is `,
      code(nodeState),
      "."
    ]);
  return alert(
    "note",
    [...nothing, way, " Nothing stands against it."],
    next("leave out ", code("dry-run: true"), " to do it.")
  );
}
function next(...line) {
  return [strong("Next:"), " ", ...line];
}

// src/report/sections/verdict.ts
function titleOf({ release, upFrom = [], brought }) {
  if (brought !== void 0) return `${brought.name} ${brought.version}: deploy`;
  if (release === void 0) return "relup-action";
  const from = upFrom.length === 0 ? "" : `: upgrade from ${upFrom.map(({ version }) => version).join(", ")}`;
  return `${release.name} ${release.version}${from}`;
}
function verdict(record) {
  if (record.failure !== void 0) return { blocks: failed(record, record.failure), findings: [] };
  if (record.nodeState !== void 0) return { blocks: [deployed(record)], findings: [] };
  if (record.answer !== void 0) return checked(record, record.answer);
  if (record.verdict === void 0 || record.verdict === "refused") return { blocks: [], findings: [] };
  if (record.verdict === "unproven") return unproven(record);
  const [kind, lead, said, next2] = outcome(record, record.verdict);
  return { blocks: [box(kind, [strong(lead), ` ${said}`], next2)], findings: [] };
}
function box(kind, said, next2) {
  return next2.length === 0 ? alert(kind, said) : alert(kind, said, [strong("Next:"), " ", ...next2]);
}
function outcome(record, is) {
  const { release, upFrom = [], packages: packages2 } = record;
  const version = release?.version ?? "";
  const full = code(basename3(packages2?.full.path ?? ""));
  const from = upFrom.map((one) => one.version).join(", ");
  switch (is) {
    case "hot":
      return [
        "tip",
        "Verdict: hot.",
        `The upgrade from ${from} to ${version}, and the way back, were carried out on a node, and the emulator kept running.`,
        [
          "deploy it with ",
          code("deploy: true"),
          ", with the action ",
          code("deploy/"),
          ", or by hand as shown below."
        ]
      ];
    case "restart":
      return [
        "warning",
        "Verdict: restart.",
        record.relup === void 0 ? `Nodes must be restarted to run ${version}, because it has another Erlang/OTP than ${from}.` : `The relup restarts the emulator on the way from ${from} to ${version}, so this is not a hot upgrade.`,
        ["install ", full, " and restart each node."]
      ];
    case "none":
      return [
        "note",
        "Verdict: none.",
        `No earlier release is upgraded from, so ${version} is for fresh installations.`,
        ["install ", full, "; the next release tag is upgraded from this one."]
      ];
  }
}
var CHECKED = {
  hot: "tip",
  none: "note",
  restart: "warning",
  unproven: "warning",
  refused: "caution"
};
function checked(record, { sentence: said, beforeTag }) {
  const { verdict: is = "none", unproven: why, findings } = record;
  const next2 = lineOf(prose(beforeTag ?? "")[0]);
  const [, lead = "", rest = said] = /^([^:]+:)(.*)$/s.exec(said) ?? [];
  return {
    blocks: [box(CHECKED[is], [strong(lead), ...sentence(rest)], next2)],
    findings: findings.filter(({ message }) => message === why)
  };
}
function unproven({ unproven: unproven2, findings }) {
  const finding = findings.find(({ message }) => message === unproven2);
  const said = [
    strong("Verdict: unproven."),
    " The relup is made and checked, and was not rehearsed on a node",
    ...unproven2 === void 0 ? ["."] : [": ", ...sentence(unproven2.replace(/^The /, "the ").replace(/\.?$/, "."))]
  ];
  const [first, ...more] = prose(finding?.remedy ?? "");
  const next2 = first?.kind === "paragraph" ? first.line : REHEARSE;
  return { blocks: [box("warning", said, next2), ...more], findings: finding === void 0 ? [] : [finding] };
}
var REHEARSE = ["only what was rehearsed is deployed: leave out ", code("rehearse: false"), "."];
function failed(record, failure) {
  const { nodeState, failedArtifact, findings } = record;
  const [message, ...pasted] = prose(failure.message);
  const lead = record.verdict === "refused" ? "Verdict: refused." : nodeState === void 0 ? "Failed." : "The deploy failed.";
  const node3 = nodeState === void 0 ? [] : [" The node is ", code(nodeState), "."];
  const said = [strong(lead), " ", ...lineOf(message), ...node3];
  const remedy = prose(failure.remedy ?? "");
  const [first, ...more] = remedy;
  const stopped = findings.some(isError) && first === void 0;
  const next2 = stopped ? MEND : lineOf(first);
  return [
    box("caution", said, next2),
    ...pasted,
    ...more,
    ...moveTag(record),
    ...failure.details === void 0 || failure.details.trim() === "" ? [] : [fold(["Details"], [codeBlock(lastPart(failure.details))])],
    ...failedArtifact === void 0 ? [] : [paragraph("Report, relup, appups and logs: ", ...artifactLine(failedArtifact), ".")]
  ];
}
function moveTag({ verdict: is, refs, change }) {
  const tag = refs?.newTag;
  if (is !== "refused" || tag === void 0 || change !== void 0) return [];
  return [
    paragraph("If that changes files: commit them, have the tag name that commit, and push it again:"),
    codeBlock(`git tag --force ${tag} && git push --force origin ${tag}`)
  ];
}
var MEND = ["do what stands under each finding below, and run this again for the corrected commit."];
function lineOf(block) {
  return block?.kind === "paragraph" ? block.line : [];
}
function lastPart(text2) {
  const limit = 2e4;
  return text2.length <= limit ? text2 : `\u2026
${text2.slice(-limit)}`;
}
function tooLong() {
  return [
    heading(2, "The rest"),
    paragraph(
      "It is too long for a job summary. It is in the log, and in ",
      code("report.html"),
      " and ",
      code("report.json"),
      " if there are any."
    )
  ];
}

// src/report/sections/versions.ts
import { basename as basename4 } from "node:path";
var ROWS = 300;
function versions({ refs, release, upFrom = [], toolchain }) {
  if (refs === void 0) return [];
  const { newRef: ref, newCommit: commit } = refs;
  const items = [
    ["new: ", code(release?.version ?? ref), ...sourceLine({ kind: "ref", ref, commit })],
    ...upFrom.map(({ version, source }) => ["up-from: ", code(version), ...sourceLine(source)]),
    ...toolchain === void 0 ? [] : [
      [
        `built with OTP ${toolchain.otpVersion} (ERTS ${release?.erts ?? toolchain.erts}) and rebar3 ${toolchain.rebar3} on ${toolchain.architecture}`
      ]
    ]
  ];
  return [heading(2, "Versions"), list(items), fold(["How the up-from version was chosen"], chosen(refs))];
}
function sourceLine(source) {
  if (source.kind === "tarball") {
    const { published, path } = source;
    return published === void 0 ? [", the package ", code(basename4(path))] : [`, ${published.tag} (published), commit `, code(published.commit.slice(0, 12))];
  }
  const cached = source.kind === "cache" ? " (cached)" : "";
  return [`, ${source.ref}${cached}, commit `, code(source.commit.slice(0, 12))];
}
function chosen({ reason, candidates }) {
  const shown2 = candidates.filter(({ taken }, index) => taken || index < ROWS);
  const rest = candidates.length - shown2.length;
  const rows = [
    ...shown2.map(({ tag, taken, why }) => [[code(tag)], [taken ? "yes" : "no"], [why]]),
    ...rest > 0 ? [[[`${rest} more`], ["no"], ["see the log"]]] : []
  ];
  return [paragraph(reason), ...rows.length === 0 ? [] : [table(["tag", "taken", "why"], rows)]];
}

// src/report/report.ts
function reportOf(record) {
  const { blocks, findings } = verdict(record);
  return {
    title: titleOf(record),
    blocks: [
      ...beginning(record, blocks),
      ...raisedVersions(record),
      ...desk(record),
      ...deploy(record),
      ...rehearsal(record),
      ...otherFindings(record, findings),
      ...applications(record),
      ...generatedAppups(record),
      ...relup(record),
      // A check makes nothing for others.
      ...record.change === void 0 ? [...packages(record), ...byHand(record), ...elsewhere(record)] : [],
      ...versions(record),
      ...phases(record)
    ]
  };
}
function shortReportOf(record) {
  return beginning(record, verdict(record).blocks);
}
function beginning(record, told) {
  return [heading(1, titleOf(record)), ...told, ...stoppers(record)];
}

// src/report/report-file.ts
async function writeReport(folder, record) {
  const path = join(folder, "report.json");
  await writeFile(path, reportText(record));
  await writeFile(reportPage(path), htmlOf(reportOf(record)));
  return path;
}
function reportText(record) {
  return `${JSON.stringify(record, withoutModules, 1)}
`;
}
function reportPage(report) {
  return join(dirname(report), "report.html");
}
function withoutModules(key, value) {
  return key === "applications" && Array.isArray(value) ? value.map(
    ({ name, version }) => `${name}-${version}`
  ) : value;
}

// src/model/upgrade.ts
function verdictOf({ upgradeKind, packaged, rehearsal: rehearsal2, refused }) {
  if (refused) return "refused";
  if (!packaged || upgradeKind !== "hot") return packaged ? upgradeKind : void 0;
  return rehearsal2 === "passed" ? "hot" : "unproven";
}

// src/report/publish.ts
import { dirname as dirname2 } from "node:path";

// src/report/metadata.ts
import { basename as basename5 } from "node:path";
function metadataOf(record) {
  const { refs, toolchain, upFrom, packages: packages2, artifact, failedArtifact, report, findings, phases: phases2 } = record;
  const release = record.release ?? record.brought;
  return {
    releaseName: release?.name,
    version: release?.version,
    ref: refs?.newRef,
    commit: refs?.newCommit ?? record.brought?.commit,
    toolchain,
    upFrom: upFrom?.map(({ version, erts, source }) => ({
      version,
      erts,
      ...source.kind === "tarball" ? {} : { ref: source.ref, commit: source.commit }
    })),
    upgradeKind: record.upgradeKind,
    verdict: record.verdict,
    packages: packages2 && {
      full: fileOf(packages2.full),
      upgrade: packages2.upgrade && fileOf(packages2.upgrade),
      debug: packages2.debug && fileOf(packages2.debug)
    },
    manifest: record.manifest,
    report,
    reportPage: report && reportPage(report),
    artifact,
    release: record.published,
    attestation: record.attestation,
    failedArtifact,
    deployedVersion: record.deployed?.deployedVersion,
    nodeState: record.nodeState,
    findings: countsOf(findings),
    seconds: {
      total: rounded(phases2.reduce((sum, { seconds: seconds2 }) => sum + seconds2, 0)),
      phases: Object.fromEntries(phases2.map(({ name, seconds: seconds2 }) => [name, rounded(seconds2)]))
    },
    failure: record.failure?.message
  };
}
function fileOf({ path, size: size2, sha256 }) {
  return { name: basename5(path), path, size: size2, sha256 };
}
function countsOf(findings) {
  const all = distinct(findings);
  const count2 = (is) => all.filter(({ severity }) => severity === is).length;
  return { errors: count2("error"), warnings: count2("warning"), notices: count2("notice") };
}
function rounded(seconds2) {
  return Math.round(1e3 * seconds2) / 1e3;
}

// src/report/outputs.ts
function outputsOf(record) {
  const { artifact, deployed: deployed2 } = record;
  const packages2 = record.change === void 0 ? record.packages : void 0;
  const release = record.release ?? record.brought;
  const outputs = {
    "release-name": release?.name,
    version: release?.version,
    "up-from": record.upFrom === void 0 ? void 0 : JSON.stringify(record.upFrom.map(({ version }) => version)),
    "upgrade-kind": kindFor(record),
    verdict: record.verdict,
    tarball: packages2?.full.path,
    "tarball-sha256": packages2?.full.sha256,
    "upgrade-tarball": packages2?.upgrade?.path,
    "upgrade-tarball-sha256": packages2?.upgrade?.sha256,
    manifest: record.manifest,
    report: record.report,
    "artifact-name": artifact?.name,
    "artifact-id": artifact === void 0 ? void 0 : String(artifact.id),
    "artifact-url": artifact?.url,
    "artifact-digest": artifact?.digest,
    "release-url": record.published?.url,
    "attestation-url": record.attestation?.url,
    "deployed-version": deployed2?.deployedVersion || void 0,
    "node-state": record.nodeState,
    metadata: release === void 0 ? void 0 : JSON.stringify(metadataOf(record))
  };
  return Object.fromEntries(
    Object.entries(outputs).filter((entry) => entry[1] !== void 0)
  );
}
function kindFor({ upgradeKind, verdict: verdict2 }) {
  return upgradeKind === "hot" && verdict2 !== "hot" ? "hot-unproven" : upgradeKind;
}
function setOutputs(record) {
  for (const [name, value] of Object.entries(outputsOf(record))) setOutput(name, value);
}

// src/report/summary.ts
var LIMIT = 1e6;
function summaryOf(record) {
  const text2 = `${markdownOf(reportOf(record).blocks)}
`;
  if (Buffer.byteLength(text2) <= LIMIT) return text2;
  return `${markdownOf([...shortReportOf(record), ...tooLong()])}
`;
}

// src/report/publish.ts
async function publish(record) {
  for (const finding of distinct(record.findings)) {
    if (!isTold(finding, record)) annotate(finding, record.failure);
  }
  if (record.answer !== void 0) annotateAnswer(record.answer, record.verdict);
  const { report } = record;
  if (report !== void 0) await attempt("The report", () => writeReport(dirname2(report), record));
  if (process.env.GITHUB_STEP_SUMMARY) {
    await attempt("The job summary", () => summary.addRaw(summaryOf(record)).write());
  }
  if (record.failure === void 0) setOutputs(record);
  else await attempt("The outputs", () => Promise.resolve(setOutputs(record)));
}
async function attempt(what, write) {
  try {
    await write();
  } catch (error) {
    warning(`${what} could not be written: ${errorMessage(error)}`);
  }
}

// src/report/run-record.ts
var NOTHING = { findings: [], phases: [] };

// src/actions/run.ts
var Run = class {
  constructor(workspace) {
    this.workspace = workspace;
  }
  workspace;
  parts = /* @__PURE__ */ new Map();
  times = [];
  inPhase = false;
  failed;
  /**
   * Runs a phase in its own log group, takes the time, and keeps what it notes. The same phase once more forgets what it noted
   * before. Within another phase it has no group and no time of its own: the runner knows no groups in groups.
   *
   * @param keep what the record gets of the result
   */
  async phase(name, work, keep = () => ({})) {
    this.forget(name);
    const noting = async () => {
      const result = await work((part) => this.note(name, part));
      this.note(name, keep(result));
      return result;
    };
    if (this.inPhase) return noting();
    this.inPhase = true;
    const started = performance.now();
    let ok = false;
    try {
      const result = await group(name, noting);
      ok = true;
      return result;
    } finally {
      this.inPhase = false;
      this.times.push({ name, seconds: (performance.now() - started) / 1e3, ok });
    }
  }
  /** Keeps what the phase of that name learned. */
  note(name, part) {
    const { findings = [], ...before } = this.parts.get(name) ?? {};
    this.parts.set(name, { ...before, ...part, findings: [...findings, ...part.findings ?? []] });
  }
  /** What it made is of no use any more. */
  forget(name) {
    if (this.parts.has(name)) this.parts.set(name, {});
  }
  fail(error) {
    this.failed = error instanceof Error ? error : new Error(errorMessage(error));
  }
  get record() {
    const parts = [...this.parts.values()];
    const known = parts.reduce((all, part) => ({ ...all, ...part }), NOTHING);
    const verdict2 = verdictOf({
      upgradeKind: known.upgradeKind,
      packaged: known.packages !== void 0,
      rehearsal: known.rehearsal?.outcome,
      refused: this.failed instanceof RefusedError
    });
    return {
      ...known,
      findings: parts.flatMap(({ findings = [] }) => findings),
      phases: this.times,
      ...verdict2 === void 0 ? {} : { verdict: verdict2 },
      ...this.failed === void 0 ? {} : { failure: failureOf(this.failed) }
    };
  }
};
function failureOf(error) {
  const { remedy, details: details2 } = error instanceof ActionError ? error : {};
  return { message: errorMessage(error), remedy, details: details2 };
}
async function runAction(story, { onFailure, attendant } = {}) {
  const workspace = await openWorkspace();
  const run = new Run(workspace);
  try {
    await story(run);
  } catch (error) {
    const failure = await explainFailure(error, workspace.dir);
    run.fail(failure);
    await onFailure?.(run);
    throw failure;
  } finally {
    await attendant?.beforeEnd?.(run);
    await closeWorkspace(workspace);
    await publish(run.record);
    attendant?.onEnd(run.record);
  }
}

export {
  rebar3Arguments,
  isError,
  distinct,
  stoppedBy,
  writeReport,
  reportText,
  reportPage,
  NOTHING,
  failureOf,
  runAction
};
