import { info, warning } from '@actions/core';
import { basename } from 'node:path';
import type { Refs } from '../model/refs.js';
import { neutralise } from '../shared/workflow-commands.js';

/** Tells which release is upgraded from, every tag that was looked at, and why it was taken or dropped (H4). */
export function logRefs(refs: Refs): void {
  const upFrom = refs.upFrom.map((choice) => (choice.kind === 'ref' ? choice.ref : basename(choice.path)));
  const lines = [
    `New release: ${refs.newRef} (${refs.newCommit.slice(0, 12)})`,
    ...refs.candidates.map(({ tag, taken, why }) => `  ${taken ? 'taken  ' : 'dropped'} ${tag}: ${why}`),
    refs.reason,
    `Up-from: ${upFrom.length === 0 ? 'none' : upFrom.join(', ')}`,
  ];
  for (const line of lines) info(neutralise(line));
  for (const note of refs.notes) warning(note);
}
