// Makes dist/ anew: a folder per action or program with its entry, chunks that entries share or load when needed, our Erlang sources
// and the licences of what is bundled. Two runs give the same bytes.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { getLicenseFileText } from 'generate-license-file';

const root = fileURLToPath(new URL('../', import.meta.url));
// Tests build into a folder of their own.
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
const actions = join(root, 'src/actions');
const erlang = join(root, 'src/erlang');

/**
 * @actions/core imports its HTTP client, and that undici, for functions that an action's start never calls. Loading them
 * takes several times as long as Node's own start; esbuild leaves them out when told that importing them does nothing else.
 */
const withoutSideEffects = /[\\/]node_modules[\\/](@actions[\\/](core|http-client)|undici)[\\/]/;

/** What is imported by one of these names, or by a file of theirs; to resolve all others twice takes half of the build. */
const theirNames = /^(@actions\/(core|http-client)|undici)(\/|$)/;

const leaveOutUnused = {
  name: 'leave-out-unused',
  setup(bundle) {
    bundle.onResolve({ filter: /./ }, async ({ path, pluginData, importer, resolveDir, kind }) => {
      if (kind === 'entry-point' || pluginData === leaveOutUnused) return undefined;
      if (!theirNames.test(path) && !withoutSideEffects.test(importer)) return undefined;
      const resolved = await bundle.resolve(path, { importer, resolveDir, kind, pluginData: leaveOutUnused });
      return withoutSideEffects.test(resolved.path) ? { path: resolved.path, sideEffects: false } : undefined;
    });
  },
};

/**
 * For the same reason node:crypto is loaded when @actions/core first needs a random delimiter. Should it come to use more
 * of node:crypto than this one function, the build fails (`import-is-undefined` below).
 */
const cryptoWhenUsed = {
  name: 'crypto-when-used',
  setup(bundle) {
    bundle.onResolve({ filter: /^(node:)?crypto$/ }, ({ importer }) =>
      /[\\/]@actions[\\/]core[\\/]/.test(importer) ? { path: 'crypto', namespace: 'when-used' } : undefined,
    );
    bundle.onLoad({ filter: /^crypto$/, namespace: 'when-used' }, () => ({
      contents: `export const randomUUID = () => process.getBuiltinModule('node:crypto').randomUUID();`,
    }));
  },
};

/**
 * @actions/attest calls the one function of @actions/core that needs the HTTP client. In the modules that every start loads it would
 * bring that along, so it gets copies of these two.
 */
const coreForAttest = {
  name: 'core-for-attest',
  setup(bundle) {
    const copy = '?attest';
    bundle.onResolve({ filter: /^@actions\/core$|^\.\/oidc-utils\.js$/ }, async (found) => {
      const { path, importer, resolveDir, kind, pluginData } = found;
      const isAttests = pluginData === copy || /[\\/]@actions[\\/]attest[\\/]/.test(importer);
      if (!isAttests || pluginData === leaveOutUnused) return undefined;
      const resolved = await bundle.resolve(path, { importer, resolveDir, kind, pluginData: leaveOutUnused });
      return { path: resolved.path, suffix: copy, sideEffects: false };
    });
    bundle.onLoad({ filter: /[\\/]@actions[\\/]core[\\/]lib[\\/]core\.js$/ }, async ({ path, suffix }) =>
      suffix === copy ? { contents: await readFile(path, 'utf8'), pluginData: copy } : undefined,
    );
  },
};

/** The command line's options are the inputs of the actions, read when it is built. */
const actionFiles = {
  name: 'action-files',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]action\.yml$/ }, async ({ path }) => ({
      contents: JSON.stringify(parse(await readFile(path, 'utf8'))),
      loader: 'json',
    }));
  },
};

// CommonJS packages call `require`, which an ES module does not have.
const banner = `import { createRequire as createRequireForBundle } from 'node:module';
const require = createRequireForBundle(import.meta.url);`;

/** `<action>/index` → its entry in src; the folder below dist/ is named after the action. */
async function entryPoints() {
  const names = await readdir(actions);
  const entries = names.map((name) => [`${name}/index`, join(actions, name, 'index.ts')]);
  return Object.fromEntries(entries.filter(([, file]) => existsSync(file)));
}

async function bundles() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: await entryPoints(),
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    // src/programs/erlang.ts looks for `../erlang/`, so every file lies exactly one folder below dist.
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    format: 'esm',
    splitting: true,
    platform: 'node',
    target: 'node24',
    banner: { js: banner },
    legalComments: 'none',
    // The package `debug` can do without it; it would come from a development dependency.
    external: ['supports-color'],
    plugins: [coreForAttest, actionFiles, cryptoWhenUsed, leaveOutUnused],
    logLevel: 'warning',
    logOverride: { 'import-is-undefined': 'error' },
    write: false,
  });
  return result.outputFiles.map(({ path, contents }) => [path, contents]);
}

async function erlangSources() {
  const names = (await readdir(erlang, { recursive: true })).filter((name) => /\.(erl|hrl|eval)$/.test(name));
  return Promise.all(
    names.map(async (name) => [join(dist, 'erlang', name), await readFile(join(erlang, name))]),
  );
}

/** Of production dependencies only: that is what can be in the bundles. */
async function licenses() {
  const text = await getLicenseFileText(join(root, 'package.json'), {
    lineEnding: 'lf',
    replace: { 'buffers@0.1.1': join(root, 'scripts/licenses/buffers.txt') },
  });
  return [join(dist, 'licenses.txt'), text];
}

try {
  const files = [...(await bundles()), ...(await erlangSources()), await licenses()];
  await rm(dist, { recursive: true, force: true });
  for (const [path, contents] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
} catch (error) {
  // dist/ is as it was. esbuild has printed its errors itself.
  if (!('errors' in error)) console.error(error);
  process.exitCode = 1;
}
