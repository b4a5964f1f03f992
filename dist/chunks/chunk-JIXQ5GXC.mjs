import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ActionError,
  errorMessage
} from "./chunk-G6Z7PSQF.mjs";
import {
  endGroup,
  error,
  info,
  notice,
  startGroup,
  warning
} from "./chunk-IH5JPHE7.mjs";

// src/shared/workflow-commands.ts
var COMMAND = new RegExp("^([[\\s\\p{C}\\p{Z}]--[\\r\\n\\u2028\\u2029]]*)::", "gmv");
function neutralise(text) {
  return text.replace(COMMAND, "$1: :").replaceAll("##[", "## [");
}

// src/report/annotations.ts
function annotate(finding) {
  const text = finding.remedy === void 0 ? finding.message : `${finding.message}
${finding.remedy}`;
  const show = { error, warning, notice }[finding.severity];
  show(text, properties(`relup: ${finding.id}`, finding.location));
}
function annotateFailure(failure) {
  if (!(failure instanceof ActionError)) {
    const stack = failure instanceof Error ? failure.stack : void 0;
    error(`Unexpected error, a defect of relup-action: ${errorMessage(failure)}
${stack ?? ""}`);
    return;
  }
  if (failure.details !== void 0 && failure.details.trim() !== "") {
    startGroup("Details");
    for (const line of failure.details.split(/\r\n|\n|\r/)) info(neutralise(line));
    endGroup();
  }
  const text = failure.remedy === void 0 ? failure.message : `${failure.message}
${failure.remedy}`;
  error(text, properties("relup-action", failure.location));
}
function properties(title, location) {
  if (location === void 0) return { title };
  return { title, file: location.file, ...location.line === void 0 ? {} : { startLine: location.line } };
}

// src/shared/names.ts
var RELEASE_NAME = /^[A-Za-z][A-Za-z0-9_@-]*$/;
var APPLICATION_NAME = /^[A-Za-z0-9_][A-Za-z0-9_@.-]*$/;
var VERSION = /^[A-Za-z0-9][A-Za-z0-9._+~-]*$/;
function isReleaseName(text) {
  return RELEASE_NAME.test(text);
}
function isApplicationName(text) {
  return APPLICATION_NAME.test(text);
}
function isVersion(text) {
  return VERSION.test(text);
}
function isPathComponent(text) {
  return text !== "" && text !== "." && text !== ".." && !/[/\0]/.test(text);
}

export {
  neutralise,
  annotate,
  annotateFailure,
  isReleaseName,
  isApplicationName,
  isVersion,
  isPathComponent
};
