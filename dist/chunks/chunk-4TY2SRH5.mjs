import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  defined
} from "./chunk-HKBWGIO4.mjs";

// src/actions/cli/workflow-command.ts
function parseCommand(line) {
  const [, name, properties = "", text = ""] = /^::([a-z-]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
  if (name === void 0) return void 0;
  const pairs = properties.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? [] : [[pair.slice(0, at), unescaped(pair.slice(at + 1))]];
  });
  return { name, properties: Object.fromEntries(pairs), text: unescaped(text) };
}
function unescaped(text) {
  return text.replaceAll(
    /%(25|0D|0A|3A|2C)/g,
    (_, code) => String.fromCharCode(Number.parseInt(code, 16))
  );
}
function locationOf({ file, line }) {
  return file === void 0 ? void 0 : { file, ...defined({ line: line === void 0 ? void 0 : Number(line) }) };
}

export {
  parseCommand,
  locationOf
};
