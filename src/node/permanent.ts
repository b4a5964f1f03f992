import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeRefusedError } from '../shared/errors.js';
import { ControlLostError } from './control-session.js';
import { ControlError } from './control.js';
import { replaceFile } from './durable-file.js';
import { fileInRoot, placeInRoot } from './inside-root.js';
import type { HandlerRelease } from '../model/node.js';
import { scriptVersion } from './release-script.js';
import type { NodeContext } from './node-context.js';
import { settle } from './release-handler.js';

const START_DATA = 'releases/start_erl.data';

/** release_handler writes it only when the release becomes permanent; a power cut may have taken it away since. */
export async function putStartData({
  deployRoot,
  manifest,
  node,
  privateFolder,
}: NodeContext): Promise<void> {
  const file = await placeInRoot(deployRoot, START_DATA);
  const data = startData(manifest);
  if ((await readFile(file, 'utf8').catch(() => '')).trim() === data) return;
  const source = join(privateFolder, 'start_erl.data');
  await writeFile(source, data);
  await replaceFile(file, source, { uid: node.uid, gid: node.gid, mode: 0o644 });
}

function startData({ erts, version }: NodeContext['manifest']): string {
  return `${erts} ${version}`;
}

/** `release_handler:make_permanent/1` alone. @throws {ControlError} */
export async function askToMakePermanent(context: NodeContext): Promise<void> {
  const { version } = context.manifest;
  const ask = () => context.control.call('make-permanent', [version], context.stepSeconds);
  try {
    await ask();
  } catch (error) {
    const answerLost =
      error instanceof ControlLostError || (error instanceof ControlError && error.leftUnknown);
    if (!answerLost) throw error;
    // the answer was lost, not necessarily the work (H69); once more does no harm
    const releases = (await settle(context))?.releases ?? [];
    const status = releases.find((release) => release.version === version)?.status;
    if (status === 'current') await ask();
    else if (status !== 'permanent') throw error;
  }
}

/** What the next boot reads must name the new version (H82). @throws {NodeRefusedError} */
export async function verifyPermanent(context: NodeContext): Promise<void> {
  const wrong = await namingOthers(context);
  if (wrong.length === 0) return;
  if (wrong.length === 1 && wrong[0] === UNREADABLE) throw recordLost(context);
  throw new NodeRefusedError(
    `The next start would not boot ${context.manifest.version}: ${wrong.join(', ')} say otherwise.`,
  );
}

const UNREADABLE = 'releases/RELEASES (none)';

/** release_handler writes it only when something changes, and knows no other way. */
function recordLost({ deployRoot, manifest: { name, version } }: NodeContext): NodeRefusedError {
  const releases = join(deployRoot, 'releases');
  const release = join(releases, version, `${name}-${version}.rel`);
  const paths = [deployRoot, releases, release].map((path) => JSON.stringify(path)).join(', ');
  return new NodeRefusedError(`${join(releases, 'RELEASES')} is missing or damaged.`, {
    remedy: `In a shell on the node, have it written: release_handler:create_RELEASES(${paths}, []). Then run this step again.`,
  });
}

/** Whether the next start boots the version of the package already. */
export async function isPermanent(context: NodeContext): Promise<boolean> {
  return (await namingOthers(context)).length === 0;
}

/** Files that the next boot reads and that name another version, each with that version. */
async function namingOthers({ control, deployRoot, manifest }: NodeContext): Promise<string[]> {
  const { name, version } = manifest;
  const releases = join(deployRoot, 'releases');
  const recorded = await control.call<HandlerRelease[]>('releases-file', [join(releases, 'RELEASES')]);
  const permanent = recorded.find(({ status }) => status === 'permanent')?.version;
  const start = (await readFile(await fileInRoot(deployRoot, START_DATA), 'utf8')).trim();
  const script = await scriptVersion(join(deployRoot, 'bin', name));
  return [
    ...(permanent === version
      ? []
      : [permanent === undefined ? UNREADABLE : `releases/RELEASES (${permanent})`]),
    ...(start === startData(manifest) ? [] : [`releases/start_erl.data (${start})`]),
    ...(script === undefined || script === version ? [] : [`bin/${name} (${script})`]),
  ];
}

/** Where release_handler's own records of the releases lie. */
export function recordsOf(deployRoot: string): string[] {
  return ['RELEASES', 'start_erl.data'].map((file) => join(deployRoot, 'releases', file));
}
