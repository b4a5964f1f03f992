import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  checkPlatform,
  requireTrustedRun
} from "./chunk-OYDQWEVM.mjs";
import {
  parseCommand
} from "./chunk-4TY2SRH5.mjs";
import {
  reportPage,
  runAction,
  writeReport
} from "./chunk-RZRIGTHQ.mjs";
import "./chunk-JVLWUZP5.mjs";
import {
  downloadPackages
} from "./chunk-AQ5TJN3H.mjs";
import {
  uploadArtifact
} from "./chunk-HCXZWA7G.mjs";
import "./chunk-DSXX23LJ.mjs";
import {
  Ssh,
  requireAgent
} from "./chunk-7A4SPVDW.mjs";
import {
  Target
} from "./chunk-XAJZEUSJ.mjs";
import "./chunk-UTENLMGS.mjs";
import "./chunk-KFCJNA5P.mjs";
import {
  writeParcel
} from "./chunk-46XSNNOG.mjs";
import {
  DEPLOY,
  deployNode,
  noteDeploy
} from "./chunk-RRNBXPYC.mjs";
import "./chunk-HMNT6SPE.mjs";
import "./chunk-5IITTTLL.mjs";
import {
  DeployError,
  HUNG,
  SIGN,
  awaitSigns,
  deferringCancel,
  readManifest,
  resultOf
} from "./chunk-VR2XNRJG.mjs";
import {
  exists
} from "./chunk-YV2IVVFE.mjs";
import "./chunk-HJBUD44Z.mjs";
import "./chunk-72X3IIGE.mjs";
import {
  neutralise
} from "./chunk-IBPA3WHR.mjs";
import "./chunk-NOP5OLXF.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import "./chunk-K56CBRUD.mjs";
import "./chunk-2DFV325Q.mjs";
import "./chunk-63LGASSU.mjs";
import "./chunk-OPCLU2FR.mjs";
import "./chunk-CGOJY2N3.mjs";
import {
  sha256File
} from "./chunk-72BSWT4D.mjs";
import "./chunk-2KQC2CQ4.mjs";
import "./chunk-IVUJOTEY.mjs";
import "./chunk-RM2ZBCWW.mjs";
import "./chunk-NRIX5S2C.mjs";
import "./chunk-NHTI2HNZ.mjs";
import "./chunk-NW3NNBAX.mjs";
import {
  isPathComponent,
  isReleaseName,
  isVersion
} from "./chunk-3PPJ4FOD.mjs";
import "./chunk-EILSJL7M.mjs";
import {
  ActionError,
  BadInputError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  info,
  saveState,
  warning
} from "./chunk-V2SBDBD4.mjs";
import "./chunk-2QEI4PL4.mjs";

// src/actions/deploy/deploy-action.ts
import { resolve } from "node:path";

// src/deploy/package-source.ts
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
var SUFFIX = ".upgrade.tar.gz";
var FULL = ".tar.gz";
var MANIFEST = ".manifest.json";
async function findPackage(path) {
  const manifestPath = await findManifest(path);
  const manifest = await readManifest(manifestPath);
  refuseStrangeNames(manifest, manifestPath);
  const { full, upgrade } = manifest.packages;
  const folder = dirname(manifestPath);
  const upgradePath = upgrade === void 0 ? void 0 : join(folder, upgrade.file);
  if (upgrade !== void 0) await checkPackage(join(folder, upgrade.file), upgrade);
  const fullPath = join(folder, full.file);
  const isThere = upgrade === void 0 || await exists(fullPath);
  if (isThere) await checkPackage(fullPath, full);
  return { manifest, manifestPath, upgradePath, fullPath: isThere ? fullPath : void 0 };
}
async function findManifest(path) {
  const found = await realpath(path).catch((cause) => {
    throw new BadInputError(`The input \`package\` is "${path}", but there is nothing.`, {
      remedy: `Write the path of a folder, or of a package that ends in ${SUFFIX}, with the manifest beside it.`,
      cause
    });
  });
  return (await stat(found)).isDirectory() ? onlyManifest(found) : manifestOfPackage(found);
}
async function onlyManifest(folder) {
  const [only, ...others] = (await readdir(folder)).filter((name) => name.endsWith(MANIFEST)).sort();
  if (only === void 0) {
    throw new ActionError(`${folder} holds no manifest (<name>-<version>${MANIFEST}).`, {
      remedy: "Keep packages and manifest together, as they are in the artifact."
    });
  }
  if (others.length > 0) {
    throw new ActionError(`${folder} holds several manifests: ${[only, ...others].join(", ")}.`, {
      remedy: `Name the package that is meant, ending in ${SUFFIX}.`
    });
  }
  return join(folder, only);
}
function manifestOfPackage(path) {
  const suffix = [SUFFIX, FULL].find((one) => path.endsWith(one));
  if (suffix !== void 0) return path.slice(0, -suffix.length) + MANIFEST;
  throw new BadInputError(`The input \`package\` leads to ${path}, which does not end in ${FULL}.`, {
    remedy: "Name a package, or the folder in which it lies with its manifest."
  });
}
function refuseStrangeNames(manifest, path) {
  const { name, version, packages } = manifest;
  const files = [packages.full, packages.upgrade].filter((one) => one !== void 0);
  const members = files.flatMap((one) => one.files.map((file) => file.path));
  const good = isReleaseName(name) && isVersion(version) && files.every(({ file }) => isPathComponent(file)) && members.every((member) => member.split("/").every(isPathComponent));
  if (good) return;
  throw new ActionError(`The manifest ${path} names files or versions that lead out of their folder.`, {
    remedy: "Do not use this package: relup-action did not write this manifest."
  });
}
async function checkPackage(path, expected) {
  const found = await stat(path).catch((cause) => {
    throw new ActionError(`The package ${path}, which the manifest names, is missing.`, {
      remedy: "Keep packages and manifest together, as they are in the artifact.",
      cause
    });
  });
  if (found.size === expected.size && await sha256File(path) === expected.sha256) return;
  throw new ActionError(`The package ${path} was changed or damaged: it is not the one of the manifest.`, {
    remedy: "Take the package from the artifact again; if it is the same there, build the release again.",
    details: `expected: ${expected.size} bytes, SHA-256 ${expected.sha256}
found: ${found.size} bytes`
  });
}

// src/actions/deploy-over-ssh/deploy-over-ssh.ts
import { randomBytes } from "node:crypto";

// src/actions/deploy-over-ssh/passed-on.ts
var PASSED_ON = ["group", "endgroup", "add-mask", "debug", "notice", "warning", "error"];
function passedOn(line) {
  const command = parseCommand(line);
  return command !== void 0 && PASSED_ON.includes(command.name) ? line : neutralise(line);
}

// src/actions/deploy-over-ssh/perform.ts
var BEAT_MS = 2e3;
var BROKEN = "ended with 255";
var REMEDY = "Run this step again: it goes on from the journal that lies in deploy-root there.";
async function perform(target, word) {
  const { how, outcome, errors, silent } = await deferringCancel((cancel) => ended(target, word, cancel));
  if (outcome !== void 0) return outcome;
  const refused = how === BROKEN && silent ? target.notConnected(errors) : void 0;
  if (refused !== void 0) throw refused;
  if (how === HUNG) await target.end();
  const message = how === BROKEN ? `The connection to ${target.name} broke while the deploy was at work there; it ends the step it is at, and then stops.` : `The part of the deploy that runs on ${target.name} ${how}.`;
  throw new DeployError(message, "unknown", { remedy: REMEDY, details: errors });
}
function ended(target, word, cancel) {
  return new Promise((resolve2) => {
    let outcome;
    let silent = true;
    const errors = [];
    const end = (how) => {
      clearInterval(beat);
      signs.stop();
      resolve2({ how, outcome, silent, errors: errors.join("\n") });
    };
    const signs = awaitSigns(() => {
      program.kill();
      end(HUNG);
    });
    const program = target.start({
      onLine: (line) => {
        signs.sign();
        silent = false;
        if (line.startsWith(`${word} `)) outcome = line.slice(word.length + 1);
        else if (line !== SIGN) process.stdout.write(`${passedOn(line)}
`);
      },
      onErrorLine: (line) => void errors.push(line),
      onEnd: end
    });
    const beat = setInterval(() => program.send(SIGN), BEAT_MS);
    cancel.addEventListener(
      "abort",
      () => {
        clearInterval(beat);
        program.close();
      },
      { once: true }
    );
  });
}

// src/actions/deploy-over-ssh/deploy-over-ssh.ts
async function deployOverSsh({ address, knownHosts }, request, workspace) {
  const ssh = await Ssh.prepare(address, knownHosts, await workspace.folder("ssh"));
  info(`On ${ssh.name}:`);
  const target = await Target.examine(ssh);
  saveState("over-ssh", JSON.stringify({ address, knownHosts, folder: target.folder }));
  let outcome;
  try {
    const word = randomBytes(16).toString("hex");
    const node = target.node === void 0 ? process.execPath : void 0;
    await target.bring(await writeParcel({ request, word, node }, await workspace.folder("parcel")));
    outcome = await perform(target, word);
  } finally {
    if (outcome !== void 0 || await removed(target)) saveState("over-ssh", "");
  }
  return resultOf(outcome);
}
async function removed(target) {
  return target.remove().then(
    () => true,
    (error) => {
      info(`The folder ${target.folder} on ${target.name} is not removed yet: ${errorMessage(error)}`);
      return false;
    }
  );
}

// src/actions/deploy/upload-report.ts
import { dirname as dirname2 } from "node:path";
async function uploadingReport(name, work) {
  let report;
  try {
    await work((record) => {
      report = record.report;
    });
  } catch (error) {
    await upload(name, report).catch((second) => {
      warning(`The report could not be uploaded: ${errorMessage(second)}`);
    });
    throw error;
  }
  await upload(name, report);
}
async function upload(name, report) {
  if (report === void 0) return;
  const rootDir = dirname2(report);
  await uploadArtifact({
    name,
    rootDir,
    files: [report, reportPage(report)],
    overwrite: true,
    workFolder: rootDir
  });
}

// src/actions/deploy/deploy-action.ts
async function deployAction(inputs, attendant) {
  const work = (who = attendant) => runAction((run) => fromPackageToNode(inputs, run), { attendant: who });
  const { reportArtifact } = inputs;
  await (reportArtifact === void 0 ? work() : uploadingReport(reportArtifact, (onEnd) => work({ onEnd })));
}
async function fromPackageToNode(inputs, run) {
  const { workspace } = run;
  run.note(DEPLOY, { nodeState: "untouched" });
  run.note(DEPLOY, { report: await writeReport(workspace.resultFolder("relup-deploy"), run.record) });
  checkPlatform(process.platform);
  requireTrustedRun(process.env);
  const { ssh, version } = inputs;
  if (ssh !== void 0) await requireAgent();
  const bring = () => packagePaths(inputs, run);
  const paths = await (inputs.package === void 0 ? bring() : run.phase("Package", bring));
  const request = { inputs: inputs.node, version, ...paths };
  if (ssh === void 0) await deployNode(request, run);
  else await noteDeploy(run, () => deployOverSsh(ssh, request, workspace));
}
async function packagePaths({ package: from, attestation }, run) {
  if (from === void 0) return { upgradePath: void 0, fullPath: void 0, manifestPath: void 0 };
  const { workspace } = run;
  const found = await bringPackage(from, workspace);
  if (attestation !== void 0) await requireAttested(found, attestation, workspace);
  const { manifest, ...paths } = found;
  const { name, version, commit } = manifest;
  run.note(DEPLOY, { brought: { name, version, commit } });
  return paths;
}
async function bringPackage(from, workspace) {
  const found = await findPackage("path" in from ? resolve(from.path) : await download(from, workspace));
  const { name, version, commit, toolchain } = found.manifest;
  info(`${name} ${version}, built from commit ${commit} with OTP ${toolchain.otpVersion}.`);
  info("The packages are those of the manifest, by size and SHA-256.");
  return found;
}
async function requireAttested({ upgradePath, fullPath, manifestPath }, attestation, workspace) {
  const { verifyAttestations } = await import("./verify-attestation-6I4KGA2X.mjs");
  const workFolder = await workspace.folder("attestation");
  const files = [upgradePath, fullPath, manifestPath].filter((path) => path !== void 0);
  await verifyAttestations(files, { ...attestation, workFolder });
}
async function download({ artifactName: name, artifactDigest: digest, otherRun }, workspace) {
  const folder = await workspace.folder("artifact");
  await downloadPackages(defined({ name, digest, otherRun }), folder);
  return folder;
}
export {
  deployAction
};
