import type { ApplicationChange } from '../../model/release-difference.js';

/** `1 added, 2 changed` */
export function modulesOf({ modules: { added, changed, removed } }: ApplicationChange): string {
  const counts = [
    added.length > 0 ? `${added.length} added` : '',
    changed.length > 0 ? `${changed.length} changed` : '',
    removed.length > 0 ? `${removed.length} removed` : '',
  ].filter((text) => text !== '');
  return counts.join(', ') || 'same code';
}
