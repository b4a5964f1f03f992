import type { Candidate, Refs, UpFromChoice } from '../model/refs.js';
import type { Git, MovedTag, Tag } from '../programs/git.js';
import { BadInputError } from '../shared/errors.js';
import { judgeCandidates, listNamed } from './candidates.js';
import { History } from './history.js';
import { checkFirstRelease } from './left-out-tags.js';
import { findNamed } from './named.js';
import { findNewRelease, type NewRelease, type WorkflowEvent } from './new-release.js';
import { TagPattern } from './tag-pattern.js';

export interface RefsInput {
  /** `auto` (may stand among others), `none`, git refs, and paths ending in `.tar.gz` relative to `baseDir`. */
  readonly upgradeFrom: readonly string[];
  /** Filters that release tags match, in GitHub's syntax. */
  readonly tagPattern: readonly string[];
  /** Absolute folder that paths of tarballs are relative to. */
  readonly baseDir: string;
  readonly event: WorkflowEvent;
}

/** What one item of `upgrade-from` leads to. */
interface Choice {
  /** As it is called in notes. */
  readonly item: string;
  readonly upFrom: UpFromChoice | undefined;
}

/**
 * Decides which releases are upgraded from.
 *
 * @throws {BadInputError} for an `upgrade-from` that names nothing, contradicts itself or names the new commit
 * @throws {ActionError} when the checkout lacks tags or history that cannot be fetched
 */
export async function chooseRefs(git: Git, input: RefsInput): Promise<Refs> {
  const { upgradeFrom, event } = input;
  checkCombination(upgradeFrom);
  const pattern = new TagPattern(input.tagPattern);
  const history = new History(git);
  const before = await git.tags();
  if (upgradeFrom.includes('auto')) await history.complete();
  const named = new Map<string, UpFromChoice>();
  for (const item of upgradeFrom.filter((item) => item !== 'auto' && item !== 'none')) {
    named.set(item, await findNamed({ git, history, item, baseDir: input.baseDir }));
  }
  const tags = await git.tags();
  // A tag that was moved away from the new commit after the push is still the one that started this run.
  const release = await findNewRelease({
    git,
    tagNames: namesOn(git.head, [...before, ...tags]),
    pattern,
    event,
  });
  const candidates = await listCandidates({ git, tags, newRelease: release, pattern, upgradeFrom });
  const automatic = candidates.find(({ taken }) => taken);
  const choices = upgradeFrom.map((item): Choice =>
    item === 'auto'
      ? { item: `auto (${automatic?.tag ?? ''})`, upFrom: automatic && toChoice(automatic) }
      : { item, upFrom: named.get(item) },
  );
  const { upFrom, notes } = collapse(choices);
  if (upFrom.length === 0 && release.tag !== undefined) checkFirstRelease(release.tag, candidates, pattern);
  return {
    newRef: release.ref,
    newCommit: git.head,
    ...(release.tag === undefined ? {} : { newTag: release.tag.name }),
    upFrom,
    candidates: upgradeFrom.includes('auto') ? markNamed(candidates, named) : candidates,
    reason: explain({ upgradeFrom, release, candidates, pattern }),
    notes: [...history.notes, ...release.notes, ...movedNotes(history.moved, pattern, git.head), ...notes],
  };
}

function checkCombination(upgradeFrom: readonly string[]): void {
  if (upgradeFrom.length === 0) {
    throw new BadInputError('The input upgrade-from is empty.', {
      remedy: 'Write auto, none, or a list of refs.',
    });
  }
  if (upgradeFrom.length > 1 && upgradeFrom.includes('none')) {
    const others = upgradeFrom.filter((item) => item !== 'none').join(', ');
    throw new BadInputError(`upgrade-from: none cannot stand beside ${others || 'itself'}.`, {
      remedy: 'Write none alone, or leave it out.',
    });
  }
}

function namesOn(commit: string, tags: readonly Tag[]): string[] {
  return [...new Set(tags.filter((tag) => tag.commit === commit).map(({ name }) => name))];
}

async function listCandidates({
  git,
  tags,
  newRelease,
  pattern,
  upgradeFrom,
}: {
  readonly git: Git;
  readonly tags: readonly Tag[];
  readonly newRelease: NewRelease;
  readonly pattern: TagPattern;
  readonly upgradeFrom: readonly string[];
}): Promise<Candidate[]> {
  const { tag: newTag } = newRelease;
  if (upgradeFrom.includes('none')) return [];
  if (!upgradeFrom.includes('auto')) return listNamed(tags, new Set(upgradeFrom), pattern);
  const ancestors = await git.tagsMergedInto(git.head);
  return judgeCandidates(tags, { newCommit: git.head, newTag, pattern, ancestors });
}

function toChoice({ tag, commit }: Candidate): UpFromChoice {
  return { kind: 'ref', ref: tag, commit };
}

function markNamed(candidates: readonly Candidate[], named: ReadonlyMap<string, unknown>): Candidate[] {
  return candidates.map((one) =>
    named.has(one.tag) && !one.taken ? { ...one, taken: true, why: 'named in upgrade-from' } : one,
  );
}

/** Two names of one commit would be built and listed twice. */
function collapse(choices: readonly Choice[]): { upFrom: UpFromChoice[]; notes: string[] } {
  const first = new Map<string, Choice & { upFrom: UpFromChoice }>();
  const notes: string[] = [];
  for (const { item, upFrom } of choices) {
    if (upFrom === undefined) continue;
    const key = upFrom.kind === 'ref' ? upFrom.commit : upFrom.path;
    const known = first.get(key);
    if (known === undefined) first.set(key, { item, upFrom });
    else notes.push(`upgrade-from: ${known.item} and ${item} are the same release, which is taken once.`);
  }
  return { upFrom: [...first.values()].map(({ upFrom }) => upFrom), notes };
}

function movedNotes(moved: readonly MovedTag[], pattern: TagPattern, head: string): string[] {
  return moved
    .filter(({ name }) => pattern.version(name) !== undefined)
    .map(({ name, here, there }) => {
      const places = `${here.slice(0, 7)} in this checkout, ${there.slice(0, 7)} in the remote`;
      return here === head
        ? `The tag ${name} was moved away from the checked-out commit (${places}); the checked-out commit is released.`
        : `The tag ${name} was moved (${places}); the remote's commit is used, which may not be what was released.`;
    });
}

function explain({
  upgradeFrom,
  release,
  candidates,
  pattern,
}: {
  readonly upgradeFrom: readonly string[];
  readonly release: NewRelease;
  readonly candidates: readonly Candidate[];
  readonly pattern: TagPattern;
}): string {
  if (upgradeFrom.includes('none'))
    return `upgrade-from is none: ${release.ref} is not upgraded from any release.`;
  const named = upgradeFrom.filter((item) => item !== 'auto').join(', ');
  const sentences = named === '' ? [] : [`upgrade-from names ${named}.`];
  if (upgradeFrom.includes('auto')) sentences.unshift(explainAutomatic(release, candidates, pattern));
  return sentences.join(' ');
}

function explainAutomatic(
  { ref, tag }: NewRelease,
  candidates: readonly Candidate[],
  pattern: TagPattern,
): string {
  const taken = candidates.find((one) => one.taken);
  if (taken !== undefined) return `${ref} is upgraded from ${taken.tag}: ${taken.why}.`;
  const others = candidates.filter((one) => one.version !== undefined && one.tag !== tag?.name);
  return others.length === 0
    ? `${ref} is the first release: no other tag that matches tag-pattern (${pattern.toString()}) is a release version.`
    : `${ref} has no earlier release: none of the other release tags (${others.length}) comes before it.`;
}
