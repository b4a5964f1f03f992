import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);
import {
  oneByOne
} from "../chunks/chunk-EILSJL7M.mjs";
import {
  errorMessage
} from "../chunks/chunk-SYJ4VKPM.mjs";
import {
  info,
  warning
} from "../chunks/chunk-V2SBDBD4.mjs";
import "../chunks/chunk-2QEI4PL4.mjs";

// src/actions/cache/index.ts
import { readFile, writeFile } from "node:fs/promises";

// src/build/cache/service.ts
import { copyFile, link, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
var ENTRY = "entry";
async function restoreFiles(key2, folder2) {
  const target = resolve(folder2);
  return await withCache({
    purpose: "restore",
    folder: target,
    otherwise: void 0,
    work: async (cache, work) => {
      const found = await cache.restoreCache([ENTRY], key2);
      if (found?.toLowerCase() !== key2.toLowerCase()) return void 0;
      const names = await filesIn(join(work, ENTRY));
      for (const name of names) {
        await mkdir(dirname(join(target, name)), { recursive: true });
        await rename(join(work, ENTRY, name), join(target, name));
      }
      return names.map((name) => join(target, name));
    }
  });
}
async function saveFiles(key2, folder2, files2) {
  const source = resolve(folder2);
  return await withCache({
    purpose: "save",
    folder: source,
    otherwise: false,
    work: async (cache, work) => {
      for (const file of files2) {
        const name = relative(source, resolve(source, file));
        if (name === "" || name.startsWith("..") || isAbsolute(name)) {
          throw new Error(`${file} does not lie in ${source}`);
        }
        const staged = join(work, ENTRY, name);
        await mkdir(dirname(staged), { recursive: true });
        await link(join(source, name), staged).catch(() => copyFile(join(source, name), staged));
      }
      return await cache.saveCache([ENTRY], key2) !== -1;
    }
  });
}
var inTurn = oneByOne();
async function withCache({
  purpose,
  folder: folder2,
  otherwise,
  work
}) {
  return inTurn(async () => {
    try {
      const cache = await availableCache();
      return cache === void 0 ? otherwise : await inPrivateFolder(folder2, work.bind(void 0, cache));
    } catch (error) {
      warning(`Could not ${purpose} a cache entry: ${errorMessage(error)}`);
      return otherwise;
    }
  });
}
async function availableCache() {
  const cache = process.env.ACTIONS_RUNTIME_TOKEN ? await import("../chunks/cache-UJAJLUCH.mjs") : void 0;
  if (cache?.isFeatureAvailable()) return cache;
  info("There is no cache service here; nothing is looked up or saved.");
  return void 0;
}
async function inPrivateFolder(folder2, work) {
  await mkdir(folder2, { recursive: true });
  const privateFolder = await mkdtemp(join(folder2, ".cache-"));
  const before = process.cwd();
  const { GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temp } = process.env;
  try {
    process.chdir(privateFolder);
    Object.assign(process.env, { GITHUB_WORKSPACE: privateFolder, RUNNER_TEMP: privateFolder });
    return await work(privateFolder);
  } finally {
    process.chdir(before);
    setVariable("GITHUB_WORKSPACE", workspace);
    setVariable("RUNNER_TEMP", temp);
    await rm(privateFolder, { recursive: true, force: true });
  }
}
function setVariable(name, value) {
  if (value === void 0) delete process.env[name];
  else process.env[name] = value;
}
async function filesIn(folder2) {
  const entries = await readdir(folder2, { recursive: true, withFileTypes: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd !== void 0) throw new Error(`the entry holds ${odd.name}, which is not a regular file`);
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder2, join(entry.parentPath, entry.name))).sort();
}

// src/actions/cache/index.ts
var request = JSON.parse(await readFile(process.argv[2], "utf8"));
var { task, key, folder, files, answer } = request;
var done = task === "restore" ? await restoreFiles(key, folder) !== void 0 : await saveFiles(key, folder, files);
await writeFile(answer, JSON.stringify(done));
