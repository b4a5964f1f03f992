import { rename } from 'node:fs/promises';

/** What is done in a folder that was lent. */
export interface Guest<T> {
  /** Its own folder. */
  readonly dir: string;
  /** What has to be done right before, while both are where they belong. */
  readonly prepare: () => Promise<void>;
  /** What is done at the other's path. */
  readonly work: () => Promise<T>;
}

/**
 * The folder that one version is built in, and others after it: compiled code holds paths, so that what one build has compiled is of
 * use to another in the same place only.
 */
export class BuildFolder {
  private readonly holding = new Set<Promise<unknown>>();
  private last: Promise<unknown>;

  /**
   * @param dir where it is
   * @param built settles when the version that it belongs to is built
   */
  constructor(
    private readonly dir: Promise<string>,
    private readonly built: Promise<unknown>,
  ) {
    this.last = built;
  }

  /** The folder is not lent while that goes on. */
  hold(work: Promise<unknown>): void {
    const held = work.catch(() => undefined);
    this.holding.add(held);
    void held.then(() => this.holding.delete(held));
  }

  /**
   * Lends the path to one guest after the other; what belongs there is put aside meanwhile.
   *
   * @throws the failure of the version's own build, or the guest's; both folders are back then
   */
  lend<T>(guest: Guest<T>): Promise<T> {
    const turn = this.last.catch(() => undefined).then(() => this.give(guest));
    this.last = turn;
    return turn;
  }

  private async give<T>({ dir: own, prepare, work }: Guest<T>): Promise<T> {
    await this.built;
    while (this.holding.size > 0) await Promise.all(this.holding);
    await prepare();
    const dir = await this.dir;
    const aside = `${dir}.aside`;
    await rename(dir, aside);
    await rename(own, dir);
    try {
      return await work();
    } finally {
      await rename(dir, own);
      await rename(aside, dir);
    }
  }
}
