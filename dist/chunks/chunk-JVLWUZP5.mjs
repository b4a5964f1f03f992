import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  neutralise
} from "./chunk-IBPA3WHR.mjs";
import {
  defined
} from "./chunk-HKBWGIO4.mjs";
import {
  ActionError,
  StoppedError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";
import {
  endGroup,
  error,
  info,
  notice,
  startGroup,
  warning
} from "./chunk-V2SBDBD4.mjs";

// src/report/annotations.ts
function annotate(finding, failure) {
  if (finding.details !== failure?.details) showDetails(finding.details);
  const show = { error, warning, notice }[finding.severity];
  show(textOf(finding), properties(`relup: ${finding.id}`, finding.location));
}
function annotateAnswer({ sentence, beforeTag, location }, verdict) {
  const show = verdict === "hot" || verdict === "none" ? notice : warning;
  show([sentence, beforeTag].filter((text) => text !== void 0).join("\n"), properties("relup", location));
}
function annotateFailure(failure) {
  if (!(failure instanceof ActionError)) {
    const stack = failure instanceof Error ? failure.stack : void 0;
    error(`Unexpected error, a defect of relup-action: ${errorMessage(failure)}
${stack ?? ""}`);
    return;
  }
  showDetails(failure.details);
  if (failure instanceof StoppedError) info(neutralise(failure.message));
  else error(textOf(failure), properties("relup-action", failure.location));
}
function showDetails(details = "") {
  if (details.trim() === "") return;
  startGroup("Details");
  for (const line of details.split(/\r\n|\n|\r/)) info(neutralise(line));
  endGroup();
}
function textOf({ message, remedy }) {
  const text = message.replace(/:(?=\n)/, ".");
  return remedy === void 0 ? text : `${text}
${remedy}`;
}
function properties(title, location) {
  if (location === void 0) return { title };
  const { file, line: startLine, column: startColumn } = location;
  return { title, file, ...defined({ startLine, startColumn }) };
}

export {
  annotate,
  annotateAnswer,
  annotateFailure
};
