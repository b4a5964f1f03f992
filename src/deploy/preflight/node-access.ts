import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NodeRefusedError } from '../../shared/errors.js';
import type { NodeContext } from '../../node/node-context.js';

/**
 * Whether the node itself may write where release_handler will, and this step where it will (H67). The node is asked, because
 * only it knows what its user may do and what is mounted where it runs; nothing is written.
 *
 * @throws {NodeRefusedError}
 */
export async function checkAccess(context: NodeContext): Promise<void> {
  const { deployRoot, node } = context;
  const folders = await foldersWrittenTo(context);
  const records = ['releases/RELEASES', 'releases/start_erl.data'].map((file) => join(deployRoot, file));
  const byNode = await notWritable(context, [...folders, ...records]);
  if (byNode.length > 0) {
    throw new NodeRefusedError(
      `The node's user (id ${node.uid}) cannot write to ${byNode.join(', ')}, where the upgrade puts files.`,
      {
        remedy: `Make these writable for user id ${node.uid}, and mounted for writing.`,
      },
    );
  }
  const own = process.getuid?.() ?? 'unknown';
  for (const folder of [deployRoot, join(deployRoot, 'releases'), join(deployRoot, 'bin')]) {
    if (await mayWrite(folder)) continue;
    throw new NodeRefusedError(`This step's user (id ${own}) cannot write to ${folder}.`, {
      remedy: "Run the deploying job as the node's user or as root.",
    });
  }
}

/** The folders that are there and get new files or folders. */
async function foldersWrittenTo({ deployRoot, upgradePackage }: NodeContext): Promise<string[]> {
  const found = new Set<string>();
  const seen = new Map<string, string>();
  for (const { path } of upgradePackage.files) {
    const folder = dirname(path);
    const existing = seen.get(folder) ?? (await existingFolder(deployRoot, folder));
    seen.set(folder, existing);
    found.add(join(deployRoot, existing));
  }
  return [...found];
}

async function existingFolder(root: string, folder: string): Promise<string> {
  if (folder === '.' || (await stat(join(root, folder)).catch(() => undefined))) return folder;
  return existingFolder(root, dirname(folder));
}

async function notWritable(
  { control, privateFolder }: NodeContext,
  paths: readonly string[],
): Promise<string[]> {
  const list = join(privateFolder, `paths-${randomUUID()}`);
  await writeFile(list, paths.map((path) => `${path}\n`).join(''));
  try {
    const found = await control.call<Record<string, string>>('access', [list]);
    // a file that is not there yet is made in its folder
    return paths.filter((path) => !['write', 'read_write', 'enoent'].includes(found[path] ?? ''));
  } finally {
    await rm(list, { force: true });
  }
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
}
