import type { Git, MovedTag } from '../programs/git.js';
import { ActionError, CommandFailedError } from '../shared/errors.js';

const WHOLE_HISTORY = `Give actions/checkout the whole history and all tags:

- uses: actions/checkout@v5
  with:
    fetch-depth: 0

For the very first release, \`upgrade-from: none\` needs neither.`;

/** Fetches missing tags and history, once, and never takes their absence for "there is no earlier release" (H1). */
export class History {
  /** Warnings for the user. */
  readonly notes: string[] = [];
  /** Tags that point elsewhere in the remote; known only when it was asked. */
  readonly moved: MovedTag[] = [];
  private fetched = false;

  /** @param mayLackTags whether a repository without any release tag is as good as one with them */
  constructor(
    private readonly git: Git,
    private readonly mayLackTags = false,
  ) {}

  /**
   * Makes sure that all release tags and their history are there: fetches when the clone is shallow, or has no tag
   * besides those of the checked-out commit.
   *
   * @throws {ActionError} naming `fetch-depth: 0` when the clone stays incomplete
   */
  async complete(): Promise<void> {
    const shallow = await this.git.isShallow();
    const tags = await this.git.tags();
    if (!shallow && tags.some(({ commit }) => commit !== this.git.head)) return;
    const missing = shallow ? 'The checkout is shallow' : 'The checkout has no tags';
    const remote = await this.git.remote();
    if (remote === undefined) {
      if (!shallow) return;
      throw new ActionError(`${missing}, and has no remote to fetch its tags and history from.`, {
        remedy: WHOLE_HISTORY,
      });
    }
    try {
      await this.fetch();
    } catch (error) {
      if (!(error instanceof CommandFailedError)) throw error;
      const what = `tags and history could not be fetched from ${remote.name}`;
      if (shallow || (tags.length === 0 && !this.mayLackTags)) {
        const { message, details } = error;
        throw new ActionError(`${missing}, and its ${what}: ${message}`, {
          remedy: WHOLE_HISTORY,
          details,
          cause: error,
        });
      }
      const here = tags.length === 0 ? 'No tags' : 'Only tags of the checked-out commit';
      this.notes.push(`${here} are here, and ${what}: ${error.message}`);
    }
    if (await this.git.isShallow()) {
      throw new ActionError(`${missing}, and ${remote.name} does not have the missing history.`, {
        remedy: WHOLE_HISTORY,
      });
    }
  }

  /**
   * Asks the remote for everything, if that was not done yet; nothing happens without a remote.
   *
   * @throws {CommandFailedError} when the remote cannot be reached
   */
  async fetch(): Promise<void> {
    if (this.fetched || (await this.git.remote()) === undefined) return;
    this.moved.push(...(await this.git.fetchHistory()));
    this.fetched = true;
  }
}
