import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);

// src/programs/processes.ts
import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { sep } from "node:path";
function endDescendants(root = process.pid) {
  for (const pid of descendants(root).reverse()) end(pid);
}
function endProcessesBelow(folder) {
  for (const pid of allPids()) {
    const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
    if (pid !== process.pid && cwd !== void 0 && `${cwd}${sep}`.startsWith(`${folder}${sep}`)) end(pid);
  }
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
function end(pid) {
  attempt(() => process.kill(pid, "SIGKILL"));
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
