// What the action promises, checked one by one.
import { isDeepStrictEqual } from 'node:util';
import { DemoError } from './commands.mjs';

export class Promises {
  #kept = 0;
  /** @type {import('./screen.mjs').Screen} */
  #screen;

  /** @param {import('./screen.mjs').Screen} screen */
  constructor(screen) {
    this.#screen = screen;
  }

  get kept() {
    return this.#kept;
  }

  /**
   * @param {string} what
   * @param {unknown} actual
   * @param {unknown} expected
   * @param {string} [shown] what to show instead of the value
   * @throws {DemoError} when they differ
   */
  same(what, actual, expected, shown) {
    if (!isDeepStrictEqual(actual, expected)) {
      throw new DemoError(`${what} should be ${inWords(expected)}, but is ${inWords(actual)}.`);
    }
    this.#kept += 1;
    this.#screen.say(`✓ ${what}: ${shown ?? inWords(actual)}`);
  }
}

/** @param {unknown} value */
function inWords(value) {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing');
}
