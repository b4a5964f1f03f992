import { ActionError, NodeRefusedError } from '../../shared/errors.js';

/** Collects what stands against an upgrade, so that all of it can be told at once. */
export class Obstacles {
  private readonly found: ActionError[] = [];

  /** Runs a check. @returns undefined when it found an obstacle */
  async check<T>(check: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      this.found.push(error);
      return undefined;
    }
  }

  /**
   * What a check gave, when nothing was found.
   *
   * @throws {ActionError} the obstacle, or all of them as one.
   */
  without<T>(result: T | undefined): T {
    const [first, ...others] = this.found;
    if (first === undefined) return result as T;
    if (others.length === 0) throw first;
    const lines = (pick: (error: ActionError) => string | undefined) =>
      this.found.flatMap((error) => pick(error) ?? []).join('\n');
    throw new NodeRefusedError(
      `The node cannot be upgraded, for ${this.found.length} reasons: ${this.found.map(({ message }) => message).join(' ')}`,
      { remedy: lines(({ remedy }) => remedy), details: lines(({ details }) => details), cause: first },
    );
  }
}
