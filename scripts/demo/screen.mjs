// What the demo prints.
import { performance } from 'node:perf_hooks';

export class Screen {
  /** @type {{ name: string, seconds: number }[]} */
  #parts = [];
  #started = performance.now();

  /** @param {string} text */
  title(text) {
    this.#print(`${text}\n`);
  }

  /**
   * Does one part of the demo under a headline of its own, and tells how long it took.
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async part(name, work) {
    const started = performance.now();
    this.#print(`\n${this.#parts.length + 1}. ${name}\n`);
    try {
      return await work();
    } finally {
      const seconds = (performance.now() - started) / 1000;
      this.#parts.push({ name, seconds });
      this.#print(`   ${seconds.toFixed(1)} s\n`);
    }
  }

  /** @param {string} text may have several lines */
  say(text) {
    for (const line of text.split('\n')) this.#print(`   ${line}\n`);
  }

  /**
   * What a program prints, set off from what the demo says.
   * @param {string} line
   */
  quote(line) {
    this.#print(`   | ${line}\n`);
  }

  /** The time of each part, and of all. */
  times() {
    this.#print('\nTime of each part\n');
    for (const { name, seconds } of this.#parts)
      this.#print(`   ${seconds.toFixed(1).padStart(5)} s  ${name}\n`);
    const all = (performance.now() - this.#started) / 1000;
    this.#print(`   ${all.toFixed(1).padStart(5)} s  in all\n`);
  }

  /** @param {string} text */
  #print(text) {
    process.stdout.write(text);
  }
}
