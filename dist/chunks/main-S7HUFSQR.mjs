import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  runStep
} from "./chunk-3X7VHVTT.mjs";
import "./chunk-JVLWUZP5.mjs";
import {
  oneOf
} from "./chunk-L4DFX3TI.mjs";
import {
  parseSshAddress
} from "./chunk-KFCJNA5P.mjs";
import "./chunk-IBPA3WHR.mjs";
import "./chunk-HKBWGIO4.mjs";
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getInput
} from "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/rolling/fleet.ts
var MOST = 256;
var LABEL = /^([A-Za-z0-9][A-Za-z0-9_.-]*)(?::(\/(?!\/).*))?$/;
var ADDRESS = /^(ssh:\/\/[^/]+)(\/.*)?$/;
function readFleet(inputs) {
  const fleet = listOf(inputs.nodes).map((node, place) => fleetNode(node, place + 1, inputs));
  const twice = fleet.find(
    ({ index, ...one }) => fleet.some((other) => other.index < index && isSame(one, other))
  );
  if (twice !== void 0) {
    throw new BadInputError(`The input \`nodes\` names ${twice.node} twice.`, {
      remedy: "Name each node once; where several run on one machine, let each name its folder: web1:/opt/other."
    });
  }
  return fleet;
}
function isSame(one, other) {
  return one.runner === other.runner && one.ssh === other.ssh && one.root === other.root;
}
function listOf(text) {
  let list;
  try {
    list = JSON.parse(text);
  } catch {
    list = void 0;
  }
  if (Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === "string")) {
    if (list.length <= MOST) return list;
    throw new BadInputError(
      `The input \`nodes\` names ${list.length} nodes, and GitHub runs ${MOST} jobs of a kind.`,
      {
        remedy: "Roll them out in several calls."
      }
    );
  }
  throw new BadInputError("The input `nodes` is not a list of texts as JSON.", {
    remedy: 'Write labels of runners and addresses: ["web1", "web2", "ssh://app@10.0.0.7"].'
  });
}
function fleetNode(node, index, { runner, deployRoot, knownHosts }) {
  const [, label, beside] = LABEL.exec(node) ?? [];
  const [, address, below] = ADDRESS.exec(node) ?? [];
  if (label === void 0 && (address === void 0 || parseSshAddress(address) === void 0)) {
    throw new BadInputError(`The input \`nodes\` names "${node}", which is neither a label nor an address.`, {
      remedy: "Write the label of the runner on that machine, or ssh://user@host or ssh://user@host:port."
    });
  }
  const root = beside ?? below ?? deployRoot;
  if (root === "") {
    throw new BadInputError(
      `It is not known where the release of ${node} is installed: \`deploy-root\` is empty.`,
      {
        remedy: "Set `deploy-root`, or let each node name its folder: web1:/opt/myapp."
      }
    );
  }
  if (address !== void 0 && knownHosts === "") {
    throw new BadInputError(`The input \`nodes\` names ${node}, but \`known-hosts\` is empty.`, {
      remedy: "Write the lines of all machines that are reached over ssh, as in a known_hosts file."
    });
  }
  return { index, node, runner: label ?? runner, ssh: address ?? "", root };
}

// src/actions/rolling/rolling-inputs.ts
function readInputs() {
  return {
    step: oneOf("step", ["plan", "gate", "back", "table"]),
    fleet: readFleet({
      nodes: getInput("nodes"),
      runner: getInput("runner"),
      deployRoot: getInput("deploy-root"),
      knownHosts: getInput("known-hosts")
    }),
    prefix: getInput("prefix"),
    index: number("index", getInput("index") || "0"),
    maxParallel: number("max-parallel", getInput("max-parallel") || "1")
  };
}
function number(name, value) {
  if (/^\d{1,3}$/.test(value)) return Number(value);
  throw new BadInputError(`The input \`${name}\` is "${value}".`, { remedy: "Write a number." });
}

// src/actions/rolling/main.ts
function main() {
  return runStep(readInputs, async (inputs) => {
    const { rollingAction } = await import("./rolling-action-MW5QPABK.mjs");
    await rollingAction(inputs);
  });
}
export {
  main
};
