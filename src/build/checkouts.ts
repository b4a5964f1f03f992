import type { Refs } from '../model/refs.js';
import { worktreeFolder, type BuildContext, type Checkouts } from './version.js';

/**
 * Begins to check out what will be built, while the toolchain is still looked at. It prints nothing, and the workspace stays until all
 * have ended.
 */
export function startCheckouts(context: Pick<BuildContext, 'git' | 'workspace'>, refs: Refs): Checkouts {
  const commits = refs.upFrom.flatMap((choice) => (choice.kind === 'ref' ? [choice.commit] : []));
  const begun = new Map<string, Promise<void>>();
  let before: Promise<unknown> = Promise.resolve();
  // The new version first, whose build takes longest; git makes one after the other in any case.
  for (const commit of new Set([refs.newCommit, ...commits])) {
    const checkout = before.then(async () =>
      context.git.addWorktree(await worktreeFolder(context, { commit }), commit),
    );
    before = checkout.catch(() => undefined);
    begun.set(commit, checkout);
  }
  context.workspace.meanwhile(before);
  return begun;
}
