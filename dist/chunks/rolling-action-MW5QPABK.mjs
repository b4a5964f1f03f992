import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  artifactNames,
  downloadPackages
} from "./chunk-AQ5TJN3H.mjs";
import {
  uploadArtifact
} from "./chunk-HCXZWA7G.mjs";
import {
  alert,
  code,
  heading,
  markdownOf,
  strong,
  table
} from "./chunk-DSXX23LJ.mjs";
import {
  runningRelease
} from "./chunk-NOP5OLXF.mjs";
import "./chunk-HKBWGIO4.mjs";
import {
  sha256
} from "./chunk-72BSWT4D.mjs";
import "./chunk-2KQC2CQ4.mjs";
import {
  ActionError,
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  info,
  setOutput,
  summary
} from "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/rolling/plan.ts
function prefixOf(fleet, attempt) {
  return `rolling-${sha256(JSON.stringify(fleet)).slice(0, 8)}-${attempt}`;
}
function planOf(fleet, prefix) {
  const deploys = fleet.map((node) => jobOf(node, "deploy", prefix));
  return {
    prefix,
    dryRun: fleet.map((node) => jobOf(node, "dry-run", prefix)),
    canary: deploys.slice(0, 1),
    others: deploys.slice(1)
  };
}
function jobOf(node, stage, prefix) {
  return {
    ...node,
    index: String(node.index),
    stage,
    dry: stage === "dry-run" ? "true" : "false",
    version: stage === "back" ? "previous" : "",
    prefix,
    report: artifactOf(prefix, stage, node.index)
  };
}
function artifactOf(prefix, what, index) {
  return `${prefix}-${what}-${index}`;
}
function planText({ canary, others }, atOnce) {
  const names = (jobs) => jobs.map(({ node }) => node).join(", ");
  return [
    `First all ${canary.length + others.length} are asked whether they can be upgraded.`,
    `Canary: ${names(canary)}.`,
    ...others.length === 0 ? [] : [`Then, ${atOnce === 1 ? "one" : atOnce} at a time: ${names(others)}.`]
  ];
}

// src/actions/rolling/rows.ts
var AS_BEFORE = [
  "untouched",
  "unpacked",
  "environment-changed",
  "downgraded",
  "rebooted-into-old"
];
function rowOf(node, progress) {
  const at = (stage) => progress.reports.get(artifactOf(progress.prefix, stage, node.index));
  const [asked, deploy, back2] = [at("dry-run"), at("deploy"), at("back")];
  const ran = asked?.deployed?.before;
  const before = ran === void 0 ? null : runningRelease(ran.releases)?.version ?? null;
  const begun = deploy !== void 0 || isLost(node, progress);
  const named = { node: node.node, before };
  if (!begun) {
    return { ...named, after: before, state: "not begun", changed: false, ...failureOf(asked ?? LOST) };
  }
  const state = stateOf(deploy, back2);
  const after = versionAfter(state, before, back2?.nodeState === state ? back2 : deploy);
  const failure = failureOf(back2?.failure === void 0 ? deploy ?? LOST : back2);
  return { ...named, after, state, changed: state !== "untouched" && after !== before, ...failure };
}
var LOST = { failure: { message: "Its job ended without a report." } };
function isLost({ index }, { names, prefix }) {
  return names.has(artifactOf(prefix, "begun", index)) && !names.has(artifactOf(prefix, "deploy", index));
}
function stateOf(deploy, back2) {
  const deployed = deploy?.nodeState ?? "unknown";
  return back2?.nodeState === void 0 || back2.nodeState === "untouched" ? deployed : back2.nodeState;
}
function versionAfter(state, before, report) {
  if (report?.deployed !== void 0) return report.deployed.deployedVersion;
  if (AS_BEFORE.includes(state)) return before;
  return state === "installed-not-permanent" ? report?.brought?.version ?? null : null;
}
function failureOf(report) {
  return report.failure === void 0 ? {} : { failure: report.failure.message };
}
function toTakeBack(fleet, progress) {
  return fleet.filter((node) => {
    const { state, before, after } = rowOf(node, progress);
    return state !== "not begun" && !AS_BEFORE.includes(state) && before !== null && after !== before;
  });
}

// src/actions/rolling/gate.ts
function checkGate({ fleet, node, maxParallel }, progress) {
  const others = fleet.filter(({ index }) => index !== node.index);
  const silent = others.filter((other) => isLost(other, progress));
  const failed = others.filter(
    (other) => !silent.includes(other) && rowOf(other, progress).state !== "not begun" && rowOf(other, progress).failure !== void 0
  );
  const stopping = failed.length > 0 ? failed : silent.length >= maxParallel ? silent : [];
  if (stopping.length === 0) return;
  throw new ActionError(
    `Nothing was begun on ${node.node}, because the deploy to ${stopping.map((one) => one.node).join(", ")} failed before.`,
    { remedy: "See why there, then start all jobs of the run again, or deploy a corrected release." }
  );
}
function checkAttempt(prefix, attempt) {
  if (prefix.endsWith(`-${attempt}`)) return;
  throw new ActionError(
    "A rollout cannot go on in the middle, because its nodes may have been taken back since.",
    {
      remedy: 'Choose "Re-run all jobs": nodes that run the release already stay as they are.'
    }
  );
}

// src/actions/rolling/progress.ts
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
async function readProgress(prefix) {
  const names = await artifactNames(`${prefix}-`);
  const reports = /* @__PURE__ */ new Map();
  for (const name of names.filter((one) => !one.startsWith(`${prefix}-begun-`))) {
    reports.set(name, await withFolder((folder) => readReport(name, folder)));
  }
  return { prefix, names: new Set(names), reports };
}
async function markBegun(prefix, index) {
  await withFolder(async (folder) => {
    const file = join(folder, "begun");
    await writeFile(file, `${index}
`);
    const name = artifactOf(prefix, "begun", index);
    await uploadArtifact({ name, rootDir: folder, files: [file], overwrite: true, workFolder: folder });
  });
}
async function readReport(name, folder) {
  await downloadPackages({ name }, folder);
  return JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
}
async function withFolder(work) {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "relup-rolling-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// src/actions/rolling/told.ts
var DONE = ["upgraded", "installed", "restarted"];
function outcomeOf(rows) {
  const done = rows.every(isDone);
  const sentence = done ? allDone(rows) : notAll(rows);
  return {
    done,
    sentence,
    blocks: [
      heading(2, "Nodes"),
      alert(done ? "tip" : "caution", [sentence]),
      table(["node", "before", "after", "state", ""], rows.map(tableRow))
    ]
  };
}
function failureOf2({ sentence }) {
  return new ActionError(`The rollout was not completed: ${sentence}`, {
    remedy: "See why in the job of that node, then start all jobs of the run again, or deploy a corrected release."
  });
}
function isDone({ state, failure }) {
  return DONE.includes(state) && failure === void 0;
}
function allDone(rows) {
  const versions = [...new Set(rows.map(({ after }) => after))].join(", ");
  return rows.length === 1 ? `The node runs ${versions}.` : `All ${rows.length} nodes run ${versions}.`;
}
function notAll(rows) {
  const failed = rows.filter((row) => row.failure !== void 0);
  const parts = [
    ...failed.map(
      ({ node, state }) => state === "not begun" ? `${node} cannot be upgraded` : `${node} failed`
    ),
    part(rows, (row) => row.failure === void 0 && row.state === "downgraded", "went back"),
    part(rows, (row) => row.failure === void 0 && row.state === "not begun", "not begun"),
    part(rows, (row) => row.failure === void 0 && row.changed && row.state !== "downgraded", "changed")
  ].filter((text) => text !== void 0);
  return `${parts.join("; ")}.`;
}
function part(rows, is, what) {
  const names = rows.filter(is).map(({ node }) => node);
  return names.length === 0 ? void 0 : `${what}: ${names.join(", ")}`;
}
function tableRow({ node, before, after, state, failure = "" }) {
  return [[code(node)], [before ?? "\u2013"], [after ?? "?"], [strong(state)], [failure]];
}

// src/actions/rolling/rolling-action.ts
async function rollingAction(inputs) {
  const attempt = process.env.GITHUB_RUN_ATTEMPT || "1";
  switch (inputs.step) {
    case "plan":
      return plan(inputs, attempt);
    case "gate":
      return gate(inputs, attempt);
    case "back":
      return back(inputs);
    case "table":
      return table2(inputs);
  }
}
function plan({ fleet, maxParallel }, attempt) {
  const made = planOf(fleet, prefixOf(fleet, attempt));
  for (const line of planText(made, maxParallel)) info(line);
  setOutput("prefix", made.prefix);
  setOutput("dry-run", JSON.stringify(made.dryRun));
  setOutput("canary", JSON.stringify(made.canary));
  setOutput("others", JSON.stringify(made.others));
}
async function gate({ fleet, prefix, index, maxParallel }, attempt) {
  const node = fleet.find((one) => one.index === index);
  if (node === void 0) throw new BadInputError(`The input \`index\` is "${index}".`);
  checkAttempt(prefix, attempt);
  checkGate({ fleet, node, maxParallel }, await readProgress(prefix));
  await markBegun(prefix, index);
  info(`${node.node} is deployed to.`);
}
async function back({ fleet, prefix }) {
  const nodes = toTakeBack(fleet, await readProgress(prefix));
  info(
    nodes.length === 0 ? "No node has to go back." : `To go back: ${nodes.map(({ node }) => node).join(", ")}.`
  );
  setOutput("back", JSON.stringify(nodes.map((node) => jobOf(node, "back", prefix))));
}
async function table2({ fleet, prefix }) {
  const progress = await readProgress(prefix);
  const rows = fleet.map((node) => rowOf(node, progress));
  const outcome = outcomeOf(rows);
  setOutput("nodes", JSON.stringify(rows));
  info(outcome.sentence);
  for (const { node, before, after, state } of rows)
    info(`${node}: ${before ?? "\u2013"} \u2192 ${after ?? "?"}, ${state}`);
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(`${markdownOf(outcome.blocks)}
`).write();
  if (!outcome.done) throw failureOf2(outcome);
}
export {
  rollingAction
};
