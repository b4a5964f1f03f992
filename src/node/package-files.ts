import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import { readCode } from './code-digests.js';
import type { DeployFile, DeployManifest, DeployPackage } from '../model/deploy-input.js';
import { sha256File } from '../shared/sha256.js';

/** How the files on the node compare with those of the package; paths relative to the installed root. */
export interface PackageComparison {
  readonly missing: readonly string[];
  /** There, with other content; beams: with other code. */
  readonly differing: readonly string[];
}

export interface ComparisonInput {
  readonly erlang: Erlang;
  readonly deployRoot: string;
  readonly upgradePackage: DeployPackage;
  readonly manifest: DeployManifest;
  readonly privateFolder: string;
  /** The unpacked package of the release that runs, where it is at hand: what it has, release_handler keeps. */
  readonly runsFrom?: string;
}

/**
 * Compares the package, file by file, with what lies in the installed root (H64): beams by their code, because an
 * unchanged application that was built elsewhere has other bytes and the same code; everything else by SHA-256. What the
 * packager told that an upgrade does not replace is no difference (H125).
 *
 * @param runs the release version that the node runs
 */
export async function compareWithPackage(input: ComparisonInput, runs: string): Promise<PackageComparison> {
  const { manifest, upgradePackage } = input;
  const missing: string[] = [];
  const changed: string[] = [];
  for (const file of upgradePackage.files) {
    if (!isCompared(file.path, manifest, upgradePackage.files)) continue;
    const state = await compareFile(join(input.deployRoot, installedPath(file.path, manifest)), file);
    if (state === 'missing') missing.push(file.path);
    if (state === 'changed') changed.push(file.path);
  }
  const sameCode = await beamsWithSameCode(input, changed);
  const kept = new Set(manifest.upFrom.find(({ version }) => version === runs)?.keeps);
  const differing: string[] = [];
  for (const path of changed) {
    if (!sameCode.has(path) && !kept.has(path) && !(await isOfRunningRelease(input, path)))
      differing.push(path);
  }
  return { missing, differing };
}

async function isOfRunningRelease({ runsFrom, deployRoot }: ComparisonInput, path: string): Promise<boolean> {
  if (runsFrom === undefined || path.endsWith('.beam')) return false;
  const [own, here] = await Promise.all(
    [runsFrom, deployRoot].map((root) => sha256File(join(root, path)).catch(() => undefined)),
  );
  return own !== undefined && own === here;
}

/** Where a member of the package lies after `release_handler:unpack_release/1`, which moves the release resource file. */
export function installedPath(path: string, { name, version }: DeployManifest): string {
  return path === `releases/${name}-${version}.rel` ? `releases/${version}/${name}-${version}.rel` : path;
}

/**
 * Files that are on the node for good reason with other content: release_handler's own records (H47), relx's start
 * script (replaced when the release is made permanent), its copy of the release resource file and its tools, and
 * configuration that is rendered from a template.
 */
function isCompared(path: string, { name, version }: DeployManifest, files: readonly DeployFile[]): boolean {
  const kept = ['releases/RELEASES', 'releases/start_erl.data', `releases/${name}.rel`, `bin/${name}`];
  const tools = /^bin\/(nodetool|install_upgrade\.escript|[^/]+\.boot|hooks\/builtin\/.*)$/;
  if (kept.includes(path) || tools.test(path)) return false;
  const rendered = [`releases/${version}/sys.config`, `releases/${version}/vm.args`];
  return !(rendered.includes(path) && files.some((file) => file.path === `${path}.src`));
}

async function compareFile(path: string, file: DeployFile): Promise<'same' | 'missing' | 'changed'> {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size !== file.size) return 'changed';
    return (await sha256File(path)) === file.sha256 ? 'same' : 'changed';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return 'missing';
    if (code === 'ENOTDIR') return 'changed';
    throw error;
  }
}

/** Beams that were compiled elsewhere have other bytes, and often the same code. */
async function beamsWithSameCode(input: ComparisonInput, paths: readonly string[]): Promise<Set<string>> {
  const beams = paths.flatMap((path) => {
    const code = expectedCode(path, input.manifest);
    return code === undefined ? [] : [{ path, code, file: join(input.deployRoot, path) }];
  });
  const files = beams.map(({ file }) => file);
  const found = await readCode(input.erlang, files, input.privateFolder);
  return new Set(beams.filter(({ file, code }) => found[file]?.digest === code).map(({ path }) => path));
}

function expectedCode(path: string, manifest: DeployManifest): string | undefined {
  const [, dir, module] = /^(lib\/[^/]+)\/ebin\/([^/]+)\.beam$/.exec(path) ?? [];
  if (module === undefined) return undefined;
  return manifest.applications.find((application) => application.dir === dir)?.modules[module];
}
