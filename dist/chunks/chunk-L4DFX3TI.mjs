import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  BadInputError
} from "./chunk-SYJ4VKPM.mjs";
import {
  getBooleanInput,
  getInput
} from "./chunk-V2SBDBD4.mjs";

// src/shared/duration.ts
var SECONDS = { "": 1, s: 1, m: 60, h: 3600 };
function parseDuration(text) {
  const [, digits, unit = ""] = /^(\d{1,9})([smh]?)$/.exec(text.trim()) ?? [];
  const seconds = SECONDS[unit];
  return digits === void 0 || seconds === void 0 ? void 0 : Number(digits) * seconds;
}

// src/actions/inputs.ts
function flag(name, fallback) {
  if (getInput(name) === "") return fallback;
  try {
    return getBooleanInput(name);
  } catch (error) {
    throw new BadInputError(`The input \`${name}\` is "${getInput(name)}".`, {
      remedy: "Write true or false.",
      cause: error
    });
  }
}
function oneOf(name, allowed) {
  const value = getInput(name) || allowed[0];
  const found = allowed.find((one) => one === value);
  if (found !== void 0) return found;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: `Write ${allowed.join(" or ")}.`
  });
}
function duration(name, fallback, least = 0) {
  const value = getInput(name) || fallback;
  const seconds = parseDuration(value);
  if (seconds !== void 0 && seconds >= least && seconds <= 86400) return seconds;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: "Write a duration of at most a day: 90s, 5m or 1h."
  });
}

export {
  flag,
  oneOf,
  duration
};
