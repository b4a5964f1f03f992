import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  ActionError,
  errorMessage
} from "./chunk-SYJ4VKPM.mjs";

// src/published/github-failure.ts
var GithubError = class extends ActionError {
};
var LONGEST_WAIT = 60;
function hasStatus(error, status) {
  return error?.status === status;
}
function isNameTaken(error) {
  const { data } = error?.response ?? {};
  const { errors = [] } = data ?? {};
  return hasStatus(error, 422) && errors.some(({ code }) => code === "already_exists");
}
function waitBefore(error, attempt) {
  if (isRateLimit(error)) {
    const seconds = Number(headersOf(error)["retry-after"] ?? Infinity);
    return seconds <= LONGEST_WAIT ? 1e3 * seconds : void 0;
  }
  const status = error?.status ?? 0;
  return status >= 500 || isNameTaken(error) ? 1e3 * 2 ** attempt : void 0;
}
function isRateLimit(error) {
  if (!hasStatus(error, 403) && !hasStatus(error, 429)) return false;
  const headers = headersOf(error);
  return hasStatus(error, 429) || headers["retry-after"] !== void 0 || String(headers["x-ratelimit-remaining"]) === "0";
}
function headersOf(error) {
  return error?.response?.headers ?? {};
}
function githubFailure(what, error, permission) {
  const { reason, remedy } = explained(error, permission);
  return new GithubError(`${what}: ${reason}.`, { remedy, cause: error });
}
function explained(error, permission) {
  if (isRateLimit(error)) {
    return {
      reason: `GitHub's rate limit for this token is used up${limitEnd(headersOf(error))}`,
      remedy: "Run the job again after that."
    };
  }
  const status = error?.status;
  const said = errorMessage(error).replace(/ - https:\/\/\S+$/, "");
  if (status === 401 || status === 403 || status === 404) {
    return {
      reason: `GitHub refuses the token of \`github-token\` (${said}, HTTP status ${status})`,
      remedy: `Give the job \`permissions: { ${permission} }\`; a token of your own needs the same for this repository.`
    };
  }
  return {
    reason: said.split("\n")[0]?.replace(/\.$/, "") ?? "",
    remedy: "Run the job again; when it fails again, see https://www.githubstatus.com."
  };
}
function limitEnd(headers) {
  const { "retry-after": after, "x-ratelimit-reset": reset } = headers;
  if (after !== void 0) return ` for another ${Math.ceil(Number(after) / 60)} minutes`;
  if (reset === void 0) return "";
  return ` until ${new Date(1e3 * Number(reset)).toISOString().slice(11, 16)} UTC`;
}

// src/published/repository.ts
function missingForGithub(token, env) {
  if (token === "") return "the input `github-token` is empty";
  const missing = ["GITHUB_API_URL", "GITHUB_REPOSITORY"].filter((name) => !env[name]);
  return missing.length === 0 ? void 0 : `the runner has not set ${missing.join(" and ")}`;
}
function requireGithub(token, env) {
  const missing = missingForGithub(token, env);
  if (missing === void 0) return;
  throw new ActionError(`GitHub's releases cannot be reached: ${missing}.`, {
    remedy: "Leave `github-token` at its default, and run this step in a workflow."
  });
}
async function openRepository(token) {
  requireGithub(token, process.env);
  const { GITHUB_API_URL: baseUrl = "", GITHUB_REPOSITORY: name = "" } = process.env;
  const [owner = "", repo = ""] = name.split("/");
  const { getOctokit } = await import("./github-HT2PUCQY.mjs");
  return { owner, repo, octokit: getOctokit(token, { baseUrl, userAgent: "relup-action" }) };
}
var ATTEMPTS = 4;
async function askGithub(what, permission, work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GithubError) throw error;
      const wait = attempt < ATTEMPTS ? waitBefore(error, attempt) : void 0;
      if (wait === void 0) throw githubFailure(what, error, permission);
      await new Promise((resolve) => void setTimeout(resolve, wait));
    }
  }
}

export {
  GithubError,
  hasStatus,
  missingForGithub,
  requireGithub,
  openRepository,
  askGithub
};
