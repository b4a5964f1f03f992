import { info, warning } from '@actions/core';
import { basename } from 'node:path';
import type { Refs } from '../phases/refs.js';

/** Tells which release is upgraded from, every tag that was looked at, and why it was taken or dropped (H4). */
export function logRefs(refs: Refs): void {
  info(`New release: ${refs.newRef} (${refs.newCommit.slice(0, 12)})`);
  for (const { tag, taken, why } of refs.candidates)
    info(`  ${taken ? 'taken  ' : 'dropped'} ${tag}: ${why}`);
  info(refs.reason);
  const upFrom = refs.upFrom.map((choice) => (choice.kind === 'ref' ? choice.ref : basename(choice.path)));
  info(`Up-from: ${upFrom.length === 0 ? 'none' : upFrom.join(', ')}`);
  for (const note of refs.notes) warning(note);
}
