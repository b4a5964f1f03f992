import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/programs/processes.ts
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
function endDescendants(root = process.pid) {
  endAll(() => descendants(root));
}
function endProcessesBelow(folder) {
  endAll(() => {
    const others = allPids().filter((pid) => pid !== process.pid);
    const found = others.filter((pid) => worksBelow(pid, folder) || isScratch(pid, folder));
    return [...new Set(found.flatMap((pid) => [pid, ...descendants(pid)]))];
  });
}
function endAll(find) {
  const stopped = /* @__PURE__ */ new Set();
  for (let found = find(); found.some((pid) => !stopped.has(pid)); found = find()) {
    for (const pid of found) {
      signal(pid, "SIGSTOP");
      stopped.add(pid);
    }
  }
  for (const pid of stopped) signal(pid, "SIGKILL");
}
function worksBelow(pid, folder) {
  const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
  return cwd !== void 0 && isBelow(cwd, folder);
}
function isScratch(pid, folder) {
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8")) ?? "";
  const root = /(?:^|\0)RELUP_SCRATCH=([^\0]*)/.exec(environment)?.[1];
  return root !== void 0 && isBelow(root, folder);
}
function isBelow(path, folder) {
  return `${path}${sep}`.startsWith(`${folder}${sep}`);
}
function descendants(root) {
  const parents = new Map(allPids().map((pid) => [pid, parentOf(pid)]));
  const found = [];
  const queue = [root];
  for (let next = queue.shift(); next !== void 0; next = queue.shift()) {
    const children = [...parents].filter(([, parent]) => parent === next).map(([pid]) => pid);
    found.push(...children);
    queue.push(...children);
  }
  return found;
}
function allPids() {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
}
function parentOf(pid) {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return stat === void 0 ? void 0 : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}
function signal(pid, name) {
  attempt(() => process.kill(pid, name));
}
function attempt(read) {
  try {
    return read();
  } catch {
    return void 0;
  }
}

export {
  endDescendants,
  endProcessesBelow
};
