import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseRefs, type RefsInput } from '../../src/refs/refs.js';
import type { Refs } from '../../src/model/refs.js';
import { Git } from '../../src/programs/git.js';
import { ActionError, BadInputError } from '../../src/shared/errors.js';
import { actionsCheckout, gitIn, giveAway } from '../support/checkout.js';
import { fileHashes } from '../support/file-hashes.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';

let folder: string;
let origin: TestRepository;

beforeEach(() => {
  folder = temporaryFolder();
  origin = TestRepository.create(join(folder, 'origin'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function refs(dir: string, input: Partial<RefsInput> = {}): Promise<Refs> {
  const git = await Git.open(dir, mkdtempSync(join(folder, 'scratch-')));
  const defaults = {
    ...{ upgradeFrom: ['auto'], tagPattern: ['v*', '[0-9]*'], baseDir: dir, event: {} },
    publishedTags: () => Promise.reject(new Error('nobody asked for what was published')),
  };
  return chooseRefs(git, { ...defaults, ...input });
}

const choose = (input?: Partial<RefsInput>) => refs(origin.dir, input);
const pushed = (refName: string) => ({ event: { refType: 'tag', refName, eventName: 'push' } });

async function failure(promise: Promise<unknown>): Promise<ActionError> {
  const error: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(ActionError);
  return error as ActionError;
}

/** A commit on the checked-out branch with the given tags; those ending in `!` are annotated. Returns the commit. */
function commit(...tags: string[]): string {
  const id = origin.commit(tags.join(' ') || 'work');
  for (const tag of tags) origin.tag(tag.replace(/!$/, ''), { annotated: tag.endsWith('!') });
  return id;
}

const upFromRefs = ({ upFrom }: Refs) => upFrom.map((one) => (one.kind === 'ref' ? one.ref : one.path));
const why = ({ candidates }: Refs, tag: string) => candidates.find((one) => one.tag === tag)?.why;

describe('the new release', () => {
  it('is the pushed tag, or else the highest of one, two and three tags on the commit', async () => {
    const first = commit('v1.0.0');
    const head = commit('v1.1.0', 'v1.2.0!', '1.1.5');
    expect(await choose(pushed('v1.1.0'))).toMatchObject({
      newRef: 'v1.1.0',
      newTag: 'v1.1.0',
      newCommit: head,
    });
    const untold = await choose();
    expect(untold).toMatchObject({
      newTag: 'v1.2.0',
      upFrom: [{ kind: 'ref', ref: 'v1.0.0', commit: first, published: 'preferred' }],
      reason:
        'v1.2.0 is upgraded from v1.0.0: the highest earlier release version among the ancestors of the new commit.',
      notes: [],
    });
    expect(why(untold, 'v1.1.0')).toBe('on the new commit itself');
  });

  it('is named after the branch when the commit has no release tag', async () => {
    commit('v1.0.0');
    const head = commit();
    const onBranch = await choose({ event: { refType: 'branch', refName: 'main', eventName: 'push' } });
    expect(onBranch).toMatchObject({ newRef: 'main', newCommit: head });
    expect(onBranch).not.toHaveProperty('newTag');
    expect(upFromRefs(onBranch)).toEqual(['v1.0.0']);
    origin.git('checkout', '--quiet', '--detach');
    expect((await choose()).newRef).toBe(head.slice(0, 7));
    expect((await choose({ event: { refType: 'branch', refName: 'main' } })).newRef).toBe('main');
    expect((await choose({ event: { refType: 'branch', refName: '--all' } })).newRef).toBe(head.slice(0, 7));
  });

  it('is the merge commit of a pull request', async () => {
    commit('v1.0.0');
    origin.git('checkout', '--quiet', '-b', 'feature');
    commit('v1.1.0-rc.1');
    origin.git('checkout', '--quiet', 'main');
    commit('v1.0.1');
    origin.git('checkout', '--quiet', '--detach');
    origin.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'feature');
    const merge = origin.git('rev-parse', 'HEAD');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/remotes/pull/5/merge', merge);
    const event = { refType: 'branch', refName: '5/merge', eventName: 'pull_request' };
    const chosen = await refs(dir, { event });
    expect(chosen).toMatchObject({ newRef: '5/merge', newCommit: merge });
    expect(upFromRefs(chosen)).toEqual(['v1.0.1']);
    expect(why(chosen, 'v1.1.0-rc.1')).toBe('a pre-release, and the new commit is not');
  });

  it('is the checked-out commit, though the pushed tag is elsewhere or no release', async () => {
    commit('v1.0.0');
    commit('v1.1.0');
    const head = commit('nightly');
    const elsewhere = await choose(pushed('v1.1.0'));
    expect(elsewhere).toMatchObject({ newRef: 'main', newCommit: head });
    expect(upFromRefs(elsewhere)).toEqual(['v1.1.0']);
    expect(elsewhere.notes).toEqual([
      'The workflow runs for the tag v1.1.0, which is not on the checked-out commit; the new release is the ' +
        'checked-out commit, which counts as untagged.',
    ]);
    origin.git('checkout', '--quiet', '--detach');
    const nightly = await choose(pushed('nightly'));
    expect(nightly.newRef).toBe('nightly');
    expect(nightly.notes[0]).toContain(
      'which is not a release version that matches tag-pattern (v*, [0-9]*)',
    );
  });
});

describe('auto', () => {
  it('orders annotated and lightweight tags by version, whatever their dates', async () => {
    const dated = (version: string, date: string) => {
      vi.stubEnv('GIT_COMMITTER_DATE', date);
      commit(version);
    };
    dated('v1.9.0!', '2024-01-01T00:00:00Z');
    dated('v1.10.0', '2021-01-01T00:00:00Z');
    dated('v1.8.0', '2025-01-01T00:00:00Z');
    dated('v1.7.0!', '2026-01-01T00:00:00Z');
    dated('v1.11.0!', '2020-01-01T00:00:00Z');
    expect(upFromRefs(await choose(pushed('v1.11.0')))).toEqual(['v1.10.0']);
  });

  it('goes by ancestors first: a back-port is upgraded from its own line, and is not in the way of the next release', async () => {
    commit('v1.2.8');
    origin.git('branch', 'release-1.2');
    commit('v2.0.0');
    origin.git('checkout', '--quiet', 'release-1.2');
    commit('v1.2.9');
    expect(upFromRefs(await choose(pushed('v1.2.9')))).toEqual(['v1.2.8']);
    commit('v2.0.1');
    origin.git('checkout', '--quiet', 'main');
    commit('v2.1.0');
    const next = await choose(pushed('v2.1.0'));
    expect(upFromRefs(next)).toEqual(['v2.0.0']);
    expect(why(next, 'v2.0.1')).toBe('not an ancestor of the new commit, as v2.0.0 is');
    expect(why(next, 'v1.2.9')).toBe('lower than v2.0.0');
  });

  it('takes a release from elsewhere when no ancestor is one', async () => {
    commit('v1.0.0');
    commit('v1.1.0');
    origin.git('checkout', '--quiet', '--orphan', 'rewritten');
    commit('v1.2.0');
    const chosen = await choose(pushed('v1.2.0'));
    expect(upFromRefs(chosen)).toEqual(['v1.1.0']);
    expect(chosen.reason).toContain('no earlier release is an ancestor of the new commit');
  });

  it('passes over foreign tags and those that try to be commands', async () => {
    commit('v1.0.0');
    const hostile = [
      'v1.0.0;id',
      'v1.0.1$(touch${IFS}pwned)',
      '`touch${IFS}pwned`',
      'v1.0.1|id',
      'größe-1.0',
    ];
    for (const tag of hostile) origin.tag(tag);
    // Git itself refuses to make such a tag; a remote can still have one.
    origin.git('update-ref', 'refs/tags/--upload-pack=touch${IFS}pwned', 'HEAD');
    commit('v1.1.0', 'docs-1', 'nightly');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
    const chosen = await refs(dir, pushed('v1.1.0'));
    expect(upFromRefs(chosen)).toEqual(['v1.0.0']);
    for (const tag of [...hostile, '--upload-pack=touch${IFS}pwned']) {
      expect(why(chosen, tag), tag).toMatch(
        /^(?:not a release version|does not match tag-pattern \(v\*, \[0-9\]\*\))$/,
      );
    }
    for (const place of [origin.dir, dir, folder]) expect(existsSync(join(place, 'pwned'))).toBe(false);
  });

  it('says when there is no earlier release', async () => {
    commit('v1.0.0', 'docs-1');
    const first = await choose(pushed('v1.0.0'));
    expect(first).toMatchObject({
      upFrom: [],
      reason:
        'v1.0.0 is the first release: no other tag that matches tag-pattern (v*, [0-9]*) is a release version.',
    });
    commit('v2.0.0');
    origin.git('checkout', '--quiet', 'v1.0.0');
    expect(await choose(pushed('v1.0.0'))).toMatchObject({
      upFrom: [],
      reason: 'v1.0.0 has no earlier release: none of the other release tags (1) comes before it.',
    });
  });

  it("takes GitHub's filters, as people copy them from on.push.tags (H142)", async () => {
    commit('v1.0.0', 'v1.0.1-rc.1', 'nightly');
    commit('v1.1.0');
    const chosen = await choose({ ...pushed('v1.1.0'), tagPattern: ['v[0-9]+.[0-9]+.[0-9]+'] });
    expect(upFromRefs(chosen)).toEqual(['v1.0.0']);
    expect(why(chosen, 'v1.0.1-rc.1')).toBe('does not match tag-pattern (v[0-9]+.[0-9]+.[0-9]+)');
  });

  it('refuses a pushed tag that looks like a release and does not match, where the commit has no other', async () => {
    commit('app-v1.0.0');
    await expect(choose(pushed('app-v1.0.0'))).rejects.toThrow(
      'The pushed tag app-v1.0.0 looks like a release, but does not match tag-pattern (v*, [0-9]*).',
    );
    origin.tag('v1.0.0');
    expect((await choose(pushed('app-v1.0.0'))).newRef).toBe('v1.0.0');
    await expect(choose({ ...pushed('v1.0.0'), tagPattern: ['v2*'] })).rejects.toThrow(
      /^The pushed tag v1\.0\.0 /,
    );
  });

  it('refuses a first release when the pattern leaves out tags that look like earlier ones', async () => {
    commit('1.0.0', '1.1.0-rc.1', 'other-0.9.0');
    commit('v1.1.0');
    const only = { ...pushed('v1.1.0'), tagPattern: ['v*'] };
    await expect(choose(only)).rejects.toThrow(
      'v1.1.0 would count as the first release, because tag-pattern (v*) leaves out 1.0.0.',
    );
    expect((await choose({ ...only, upgradeFrom: ['none'] })).upFrom).toEqual([]);
    expect(upFromRefs(await choose({ ...only, upgradeFrom: ['1.0.0'] }))).toEqual(['1.0.0']);
    origin.tag('other-1.0.0');
    const other = { ...pushed('other-1.0.0'), tagPattern: ['other-1*'] };
    await expect(choose(other)).rejects.toThrow('leaves out other-0.9.0.');
    origin.tag('third-1.0.0');
    const first = await choose({ ...pushed('third-1.0.0'), tagPattern: ['third-*'] });
    expect(first.upFrom).toEqual([]);
  });

  it('goes by tag-pattern', async () => {
    commit('other-1.9.0', 'app-1.0.0', 'v1.5.0');
    commit('app-2.0.0');
    const chosen = await choose({ ...pushed('app-2.0.0'), tagPattern: ['app-*'] });
    expect(upFromRefs(chosen)).toEqual(['app-1.0.0']);
    expect(why(chosen, 'other-1.9.0')).toBe('does not match tag-pattern (app-*)');
  });
});

describe('an incomplete checkout', () => {
  it('is completed before anything is decided, and left as it was', async () => {
    commit('v1.0.0!');
    commit('v1.1.0');
    commit();
    commit('v1.2.0!');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.2.0');
    const before = fileHashes(dir);
    const chosen = await refs(dir, pushed('v1.2.0'));
    expect(upFromRefs(chosen)).toEqual(['v1.1.0']);
    expect(chosen.notes).toEqual([]);
    expect(fileHashes(dir)).toEqual(before);
  });

  it('is not taken for a first release when it is a whole history without tags', async () => {
    commit('v1.0.0');
    commit();
    gitIn(folder, 'clone', '--quiet', '--no-tags', `file://${origin.dir}`, 'clone');
    expect(upFromRefs(await refs(join(folder, 'clone')))).toEqual(['v1.0.0']);
  });

  it('may be a first release when the remote says so', async () => {
    commit();
    commit('v1.0.0');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.0.0');
    expect((await refs(dir, pushed('v1.0.0'))).reason).toContain('v1.0.0 is the first release');
  });

  it.each<[string, (dir: string) => void, string]>([
    [
      'the remote cannot be reached',
      () => rmSync(origin.dir, { recursive: true }),
      'The checkout is shallow, and its tags and history could not be fetched from origin: git fetch failed: ',
    ],
    [
      'there is no remote',
      (dir) => gitIn(dir, 'remote', 'remove', 'origin'),
      'The checkout is shallow, and has no remote to fetch its tags and history from.',
    ],
    [
      'the remote is shallow as well',
      (dir) => {
        gitIn(folder, 'clone', '--quiet', '--depth=1', `file://${origin.dir}`, 'shallow');
        gitIn(dir, 'remote', 'set-url', 'origin', `file://${folder}/shallow`);
      },
      'The checkout is shallow, and origin does not have the missing history.',
    ],
  ])('is an error when it is shallow and %s', async (_, change, message) => {
    commit('v1.0.0');
    commit('v1.1.0');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
    change(dir);
    const error = await failure(refs(dir, pushed('v1.1.0')));
    expect(error.message).toContain(message);
    expect(error.remedy).toContain('fetch-depth: 0');
    expect(error.remedy).toContain('upgrade-from: none');
    expect((await refs(dir, { upgradeFrom: ['none'], ...pushed('v1.1.0') })).newTag).toBe('v1.1.0');
  });

  it('is an error when it has no tags and the remote cannot be reached, but not when only its own tag is there', async () => {
    commit();
    gitIn(folder, 'clone', '--quiet', `file://${origin.dir}`, 'clone');
    const dir = join(folder, 'clone');
    rmSync(origin.dir, { recursive: true });
    const error = await failure(refs(dir));
    expect(error.message).toContain(
      'The checkout has no tags, and its tags and history could not be fetched',
    );
    expect(error.remedy).toContain('fetch-depth: 0');
    gitIn(dir, 'tag', 'v1.0.0');
    const chosen = await refs(dir);
    expect(chosen.upFrom).toEqual([]);
    expect(chosen.notes[0]).toContain('Only tags of the checked-out commit are here');
  });

  it('needs no fetching when there is no remote to have more', async () => {
    commit();
    expect((await choose()).reason).toContain('main is the first release');
  });

  it("uses the remote's commit of a tag that was moved, with a note", async () => {
    commit('v1.0.0');
    const moved = commit('nightly');
    commit('v1.1.0');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
    gitIn(dir, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', 'tag', 'v1.0.0', 'tag', 'nightly');
    origin.git('tag', '--force', 'v1.0.0', moved);
    origin.git('tag', '--force', 'nightly', 'v1.1.0');
    const chosen = await refs(dir, pushed('v1.1.0'));
    expect(chosen.upFrom).toEqual([{ kind: 'ref', ref: 'v1.0.0', commit: moved, published: 'preferred' }]);
    expect(chosen.notes).toHaveLength(1);
    expect(chosen.notes[0]).toMatch(
      /^The tag v1\.0\.0 was moved \(.{7} in this checkout, .{7} in the remote\); /,
    );
  });

  it('releases what was checked out when the pushed tag was moved since', async () => {
    commit('v1.0.0');
    commit('v1.1.0');
    const dir = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
    commit();
    origin.git('tag', '--force', 'v1.1.0');
    const chosen = await refs(dir, pushed('v1.1.0'));
    expect(chosen).toMatchObject({ newTag: 'v1.1.0', newCommit: gitIn(dir, 'rev-parse', 'HEAD') });
    expect(upFromRefs(chosen)).toEqual(['v1.0.0']);
    expect(chosen.notes[0]).toContain('was moved away from the checked-out commit');
  });

  it('is completed though it belongs to another user', async () => {
    commit('v1.0.0');
    commit('v1.1.0');
    gitIn(folder, 'clone', '--quiet', '--no-tags', `file://${origin.dir}`, 'clone');
    const dir = join(folder, 'clone');
    gitIn(dir, 'tag', 'v1.0.0', 'HEAD~1');
    giveAway(dir);
    expect(() => gitIn(dir, 'tag')).toThrow('dubious ownership');
    expect(upFromRefs(await refs(dir))).toEqual(['v1.0.0']);
  });
});

describe('named releases', () => {
  it('may be refs and tarballs, in the order given, also beside auto', async () => {
    const first = commit('v1.0.0');
    const second = commit('v1.1.0!');
    commit('v1.2.0');
    commit('v1.3.0');
    writeFileSync(join(origin.dir, 'old.tar.gz'), '');
    const tarball = join(origin.dir, 'old.tar.gz');
    const named = await choose({ upgradeFrom: ['v1.1.0', './old.tar.gz', first.slice(0, 10)] });
    expect(named.upFrom).toEqual([
      { kind: 'ref', ref: 'v1.1.0', commit: second },
      { kind: 'tarball', path: tarball },
      { kind: 'ref', ref: first.slice(0, 10), commit: first },
    ]);
    expect(named.reason).toBe(`upgrade-from names v1.1.0, ./old.tar.gz, ${first.slice(0, 10)}.`);
    expect(named.candidates.filter((one) => one.taken)).toEqual([
      { tag: 'v1.1.0', commit: second, version: '1.1.0', taken: true, why: 'named in upgrade-from' },
    ]);
    const mixed = await choose({ upgradeFrom: [tarball, 'auto', 'v1.0.0'] });
    expect(upFromRefs(mixed)).toEqual([tarball, 'v1.2.0', 'v1.0.0']);
    expect(mixed.candidates.filter((one) => one.taken).map(({ tag }) => tag)).toEqual(['v1.2.0', 'v1.0.0']);
    expect(mixed.reason).toMatch(
      /^v1\.3\.0 is upgraded from v1\.2\.0: .*\. upgrade-from names .*old\.tar\.gz, v1\.0\.0\.$/,
    );
  });

  it('are taken once when they are the same', async () => {
    commit('v1.0.0', 'stable!');
    commit('v1.1.0');
    writeFileSync(join(origin.dir, 'a.tar.gz'), '');
    const chosen = await choose({ upgradeFrom: ['stable', 'v1.0.0', 'auto', 'a.tar.gz', './a.tar.gz'] });
    expect(upFromRefs(chosen)).toEqual(['stable', join(origin.dir, 'a.tar.gz')]);
    expect(chosen.notes).toEqual([
      'upgrade-from: stable and v1.0.0 are the same release, which is taken once.',
      'upgrade-from: stable and auto (v1.0.0) are the same release, which is taken once.',
      'upgrade-from: a.tar.gz and ./a.tar.gz are the same release, which is taken once.',
    ]);
  });

  it('may be those that were published: the nearest, and named ones', async () => {
    const first = commit('v1.0.0');
    const second = commit('v1.1.0');
    commit('v1.2.0');
    commit('v1.3.0-rc.1');
    const publishedTags = () => Promise.resolve(new Set(['v1.0.0', 'v1.1.0']));
    const upgradeFrom = ['release', 'release:v1.0.0'];
    const chosen = await choose({ upgradeFrom, publishedTags });
    expect(chosen.upFrom).toEqual([
      { kind: 'ref', ref: 'v1.1.0', commit: second, published: 'required' },
      { kind: 'ref', ref: 'v1.0.0', commit: first, published: 'required' },
    ]);
    expect(chosen.preRelease).toBe(true);
    expect(chosen.candidates.map(({ tag, why }) => `${tag}: ${why}`)).toEqual([
      'v1.3.0-rc.1: the new release itself',
      'v1.2.0: no GitHub release with packages',
      'v1.1.0: the highest earlier release version among the ancestors of the new commit',
      'v1.0.0: named in upgrade-from',
    ]);
    const none = () => Promise.resolve(new Set<string>());
    const error = await failure(choose({ upgradeFrom, publishedTags: none }));
    expect(error.message).toContain('among the earlier releases (v1.2.0, v1.1.0, v1.0.0).');
    const both = await failure(choose({ upgradeFrom: ['auto', 'release'] }));
    expect(both.message).toBe('upgrade-from: auto and release cannot stand beside each other.');
    const unknown = await failure(choose({ upgradeFrom: ['release:v1.0.1'] }));
    expect(unknown.message).toContain('there is no tag, branch or commit v1.0.1 in the repository');
  });

  it('of a first release none has to be published', async () => {
    commit('v1.0.0');
    const publishedTags = () => Promise.resolve(new Set<string>());
    expect((await choose({ upgradeFrom: ['release'], publishedTags })).upFrom).toEqual([]);
  });

  describe('that run somewhere', () => {
    const write = (name: string, deployed: object | string) => {
      const text = typeof deployed === 'string' ? deployed : `${JSON.stringify(deployed)}\n`;
      writeFileSync(join(folder, name), text);
      return `deployed:${join(folder, name)}`;
    };

    it('are read from files of deploys, manifests, and addresses; each once, and not what runs the new release', async () => {
      const first = commit('v1.0.0');
      const second = commit('v1.1.0');
      const third = commit('v1.2.0');
      const server = createServer((request, response) => {
        const found = request.url === '/deployed.json';
        response.writeHead(found ? 200 : 404).end(JSON.stringify({ name: 'app', version: '1.0.0' }));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      vi.stubEnv('no_proxy', '127.0.0.1');
      try {
        const upgradeFrom = [
          write('a.json', { name: 'app', version: '1.1.0', commit: second }),
          write('b.json', { manifestVersion: 1, name: 'app', version: '1.1.0', commit: second, more: [] }),
          `deployed:http://127.0.0.1:${port}/deployed.json`,
          write('c.json', { name: 'app', version: '1.2.0', commit: third }),
        ];
        const chosen = await choose({ upgradeFrom });
        expect(chosen.upFrom).toEqual([
          { kind: 'ref', ref: 'v1.1.0', commit: second, published: 'preferred', deployed: true },
          { kind: 'ref', ref: 'v1.0.0', commit: first, published: 'preferred', deployed: true },
        ]);
        const taken = chosen.candidates.filter((one) => one.taken).map(({ tag }) => tag);
        expect(taken.sort()).toEqual(['v1.0.0', 'v1.1.0']);
        const gone = await failure(choose({ upgradeFrom: [`deployed:http://127.0.0.1:${port}/gone`] }));
        expect(gone.message).toBe(
          `upgrade-from: http://127.0.0.1:${port}/gone cannot be read: it answers with status 404.`,
        );
      } finally {
        server.close();
      }
    });

    it('are those of the node that this step deploys to', async () => {
      const first = commit('v1.0.0');
      commit('v1.1.0');
      const deployRoot = join(folder, 'node');
      mkdirSync(deployRoot);
      write('node/deployed.json', { name: 'app', version: '1.0.0', commit: first });
      expect(upFromRefs(await choose({ upgradeFrom: ['deployed'], deployRoot }))).toEqual(['v1.0.0']);
      const nowhere = await failure(choose({ upgradeFrom: ['deployed'] }));
      expect(nowhere.message).toBe(
        'upgrade-from: deployed has no place to read it from, because this step does not deploy.',
      );
    });

    it('may be a commit whose tag was moved, or that never had one', async () => {
      const first = commit('v1.0.0');
      const untagged = commit();
      commit('v1.1.0');
      origin.git('tag', '--force', 'v1.0.0', untagged);
      const named = write('a.json', { name: 'app', version: '1.0.0', commit: first });
      expect((await choose({ upgradeFrom: [named] })).upFrom).toMatchObject([
        { ref: 'v1.0.0', commit: first },
      ]);
      const other = write('b.json', { name: 'app', version: '1.0.1-dev', commit: untagged });
      expect((await choose({ upgradeFrom: [other] })).upFrom).toMatchObject([{ commit: untagged }]);
    });

    it.each([
      ['no JSON', 'does not say what is deployed.'],
      ['{"name": "app"}', 'does not say what is deployed.'],
      [
        '{"name": "app", "version": "1.0.0", "commit": "--upload-pack=evil"}',
        'does not say what is deployed.',
      ],
      ['{"name": "../app", "version": "1.0.0"}', 'does not say what is deployed.'],
      [
        `{"name": "app", "version": "1.0.0", "commit": "${'a'.repeat(40)}"}`,
        'names app 1.0.0, which is neither a commit nor a release tag of this repository.',
      ],
      [
        '{"name": "app", "version": "0.9.0"}',
        'names app 0.9.0, which is neither a commit nor a release tag of this repository.',
      ],
      ['{"name": "app", "version": "1.1.0"}', 'all that is deployed is the new release already, v1.1.0.'],
    ])('%s is refused', async (text, sentence) => {
      commit('v1.0.0');
      commit('v1.1.0');
      const clone = actionsCheckout(origin.dir, join(folder, 'clone'), 'refs/tags/v1.1.0');
      const error = await failure(refs(clone, { upgradeFrom: [write('a.json', text)] }));
      expect(error).toBeInstanceOf(BadInputError);
      expect(error.message).toContain(sentence);
      const none = await failure(choose({ upgradeFrom: ['deployed:gone.json'] }));
      expect(none.message).toMatch(/^upgrade-from: .*\/gone\.json cannot be read: ENOENT/);
    });
  });

  it('are fetched when the checkout lacks them', async () => {
    commit('v1.0.0');
    origin.git('branch', 'release');
    const unreferenced = commit();
    origin.git('checkout', '--quiet', 'release');
    commit('v1.1.0');
    origin.git('branch', '--quiet', '-D', 'main');
    commit('v1.2.0');
    const clone = (name: string) => actionsCheckout(origin.dir, join(folder, name), 'refs/tags/v1.2.0');
    origin.git('branch', 'other', 'v1.0.0');
    const chosen = await refs(clone('a'), { upgradeFrom: ['v1.1.0', 'other'] });
    expect(upFromRefs(chosen)).toEqual(['v1.1.0', 'other']);
    const byCommit = await refs(clone('b'), { upgradeFrom: [unreferenced] });
    expect(byCommit.upFrom).toEqual([{ kind: 'ref', ref: unreferenced, commit: unreferenced }]);
    const unreachable = clone('c');
    rmSync(origin.dir, { recursive: true });
    const error = await failure(refs(unreachable, { upgradeFrom: ['v1.1.0'] }));
    expect(error.message).toContain('upgrade-from: v1.1.0 is not in this checkout and could not be fetched');
    expect(error.remedy).toContain('fetch-depth: 0');
  });

  it('must exist', async () => {
    commit('v1.0.0', '1.0.0');
    commit('v1.1.0');
    const error = await failure(choose({ upgradeFrom: ['v1.0.1'] }));
    expect(error).toBeInstanceOf(BadInputError);
    expect(error.message).toBe(
      'upgrade-from: there is no tag, branch or commit v1.0.1 in the repository; nearest: v1.0.0, 1.0.0, v1.1.0.',
    );
    const missing = await failure(choose({ upgradeFrom: ['gone/old.tar.gz'] }));
    expect(missing.message).toBe(`upgrade-from: there is no file gone/old.tar.gz in ${origin.dir}.`);
  });

  it.each(['--upload-pack=touch pwned', '-v', 'HEAD:rebar.config', 'v1.0.0..v1.1.0', 'a\nb'])(
    'cannot be %j',
    async (item) => {
      commit('v1.0.0');
      const error = await failure(choose({ upgradeFrom: [item] }));
      expect(error.message).toBe(
        `upgrade-from: ${JSON.stringify(item)} cannot be the name of a tag, branch or commit.`,
      );
    },
  );

  it('cannot be the new commit, nor contradict each other', async () => {
    commit('v1.0.0');
    for (const item of ['v1.0.0', 'main', 'HEAD']) {
      const error = await failure(choose({ upgradeFrom: [item] }));
      expect(error.message).toBe(`upgrade-from: ${item} is the checked-out commit itself, the new release.`);
    }
    expect((await failure(choose({ upgradeFrom: ['none', 'v1.0.0'] }))).message).toBe(
      'upgrade-from: none cannot stand beside v1.0.0.',
    );
    expect((await failure(choose({ upgradeFrom: ['auto', 'none'] }))).message).toContain('beside auto');
    expect((await failure(choose({ upgradeFrom: [] }))).message).toBe('The input upgrade-from is empty.');
  });

  it('may be none', async () => {
    commit('v1.0.0');
    commit('v1.1.0');
    expect(await choose({ upgradeFrom: ['none'] })).toMatchObject({
      newTag: 'v1.1.0',
      upFrom: [],
      candidates: [],
      reason: 'upgrade-from is none: v1.1.0 is not upgraded from any release.',
    });
  });
});
