import { info } from '@actions/core';
import type { Candidate, Refs, UpFromChoice } from '../model/refs.js';
import type { Git, MovedTag, Tag } from '../programs/git.js';
import { BadInputError } from '../shared/errors.js';
import { AUTOMATIC, explain, isAutomatic, type Automatic } from './automatic.js';
import { commitBefore, type ChangeHints } from './commit-before.js';
import { judgeCandidates, listNamed } from './candidates.js';
import { allDeployed, findDeployed, isDeployed } from './deployed.js';
import { History } from './history.js';
import { checkFirstRelease, checkPublished } from './left-out-tags.js';
import { findNamed } from './named.js';
import { findNewRelease, type NewRelease, type WorkflowEvent } from './new-release.js';
import { isPreRelease } from './release-version.js';
import { TagPattern } from './tag-pattern.js';

export interface RefsInput {
  /**
   * `auto` or `release` (may stand among others), `none`, git refs, `release:<tag>`, `deployed`, `deployed:<path or address>`, and
   * paths ending in `.tar.gz`; paths are relative to `baseDir`.
   */
  readonly upgradeFrom: readonly string[];
  /** Filters that release tags match, in GitHub's syntax. */
  readonly tagPattern: readonly string[];
  /** Absolute folder that paths of tarballs are relative to. */
  readonly baseDir: string;
  readonly event: WorkflowEvent;
  /** Where the node runs that this step upgrades; undefined when it upgrades none. */
  readonly deployRoot?: string;
  /** Tags that have a GitHub release with packages; asked only for `release`. */
  readonly publishedTags: () => Promise<ReadonlySet<string>>;
  /** Set for a check, which takes the commit before the change where there is no earlier release. */
  readonly change?: ChangeHints;
}

/** Item → what it leads to. */
type Named = ReadonlyMap<string, UpFromChoice>;

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
  const history = new History(git, input.change !== undefined);
  const before = await git.tags();
  const automatic = AUTOMATIC.find((item) => upgradeFrom.includes(item));
  if (automatic !== undefined) await history.complete();
  const named = await findAllNamed({ git, history, pattern, input });
  const tags = await git.tags();
  // A tag that was moved away from the new commit after the push is still the one that started this run.
  const release = await findNewRelease({
    git,
    tagNames: namesOn(git.head, [...before, ...tags]),
    pattern,
    event,
  });
  const candidates = await listCandidates({ git, tags, newRelease: release, pattern, input, named });
  const taken = automatic && (await chooseAutomatic({ git, candidates, item: automatic, input }));
  const choices = upgradeFrom.map((item): Choice =>
    item === automatic
      ? { item: `${item} (${taken?.ref ?? ''})`, upFrom: taken }
      : { item, upFrom: named.get(item) },
  );
  const { upFrom, notes } = collapse(choices);
  if (upFrom.length === 0 && upgradeFrom.some(isDeployed)) throw allDeployed(release.ref);
  if (upFrom.length === 0 && release.tag !== undefined) checkFirstRelease(release.tag, candidates, pattern);
  return {
    newRef: release.ref,
    newCommit: git.head,
    ...(release.tag === undefined ? {} : { newTag: release.tag.name }),
    ...(release.tag !== undefined && isPreRelease(release.tag.version) ? { preRelease: true } : {}),
    upFrom,
    candidates: automatic === undefined ? candidates : markNamed(candidates, named),
    reason: explain({ upgradeFrom, release, candidates, pattern, ...beforeChange(candidates, taken) }),
    notes: [...history.notes, ...release.notes, ...movedNotes(history.moved, pattern, git.head), ...notes],
  };
}

/** What the items other than `auto`, `release` and `none` lead to; nothing where the new release runs already. */
async function findAllNamed({
  git,
  history,
  pattern,
  input,
}: {
  readonly git: Git;
  readonly history: History;
  readonly pattern: TagPattern;
  readonly input: RefsInput;
}): Promise<Named> {
  const { upgradeFrom, baseDir, deployRoot } = input;
  const named = new Map<string, UpFromChoice>();
  for (const item of upgradeFrom.filter((one) => !isAutomatic(one) && one !== 'none')) {
    const found = isDeployed(item)
      ? await findDeployed(item, { git, history, pattern, baseDir, deployRoot })
      : await findNamed({ git, history, item, baseDir });
    if (found === undefined) info(`${item}: the new release runs there already.`);
    else named.set(item, found);
  }
  return named;
}

function refsOf(named: Named): Set<string> {
  return new Set([...named.values()].flatMap((one) => (one.kind === 'ref' ? [one.ref] : [])));
}

function checkCombination(upgradeFrom: readonly string[]): void {
  if (upgradeFrom.length === 0) {
    throw new BadInputError('The input upgrade-from is empty.', {
      remedy: 'Write auto, none, or a list of refs.',
    });
  }
  if (AUTOMATIC.every((item) => upgradeFrom.includes(item))) {
    throw new BadInputError('upgrade-from: auto and release cannot stand beside each other.', {
      remedy: 'Write one of them: auto prefers what was published, and release insists on it.',
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
  input,
  named,
}: {
  readonly git: Git;
  readonly tags: readonly Tag[];
  readonly newRelease: NewRelease;
  readonly pattern: TagPattern;
  readonly input: RefsInput;
  readonly named: Named;
}): Promise<Candidate[]> {
  const { upgradeFrom } = input;
  const { tag: newTag } = newRelease;
  if (upgradeFrom.includes('none')) return [];
  const isRelease = upgradeFrom.includes('release');
  if (!isRelease && !upgradeFrom.includes('auto')) {
    return listNamed(tags, refsOf(named), pattern);
  }
  const ancestors = await git.tagsMergedInto(git.head);
  const situation = { newCommit: git.head, newTag, pattern, ancestors };
  if (!isRelease) return judgeCandidates(tags, situation);
  const candidates = judgeCandidates(tags, { ...situation, published: await input.publishedTags() });
  checkPublished(candidates);
  return candidates;
}

type RefChoice = Extract<UpFromChoice, { readonly kind: 'ref' }>;

/** What production runs: the release tag that was taken. Only a check does without one. */
async function chooseAutomatic({
  git,
  candidates,
  item,
  input,
}: {
  readonly git: Git;
  readonly candidates: readonly Candidate[];
  readonly item: Automatic;
  readonly input: RefsInput;
}): Promise<RefChoice | undefined> {
  const taken = candidates.find((one) => one.taken);
  if (taken !== undefined) {
    const published = item === 'release' ? 'required' : 'preferred';
    return { kind: 'ref', ref: taken.tag, commit: taken.commit, published };
  }
  if (input.change === undefined || item !== 'auto') return undefined;
  const commit = await commitBefore(git, input.change);
  return commit === undefined ? undefined : { kind: 'ref', ref: commit.slice(0, 7), commit };
}

/** The commit before a change that stands in for a release tag, for the explanation. */
function beforeChange(
  candidates: readonly Candidate[],
  taken: RefChoice | undefined,
): { readonly before?: string } {
  return taken === undefined || candidates.some((one) => one.taken) ? {} : { before: taken.ref };
}

function markNamed(candidates: readonly Candidate[], named: Named): Candidate[] {
  const refs = refsOf(named);
  return candidates.map((one) =>
    refs.has(one.tag) && !one.taken ? { ...one, taken: true, why: 'named in upgrade-from' } : one,
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
