// What a runner takes from action.yml.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DemoError } from './commands.mjs';

/**
 * @typedef {object} ActionFile
 * @property {Record<string, string>} defaults input → default
 * @property {string} main path of the program, relative to action.yml
 * @property {string} post
 */

/**
 * Reads action.yml; not any YAML, only the way in which this one is written.
 * @param {string} root
 * @returns {Promise<ActionFile>}
 */
export async function readActionFile(root) {
  const lines = (await readFile(join(root, 'action.yml'), 'utf8')).split('\n');
  /** @type {Record<string, string>} */
  const defaults = {};
  let input;
  for (const line of section(lines, 'inputs:')) {
    input = /^ {2}([\w-]+):$/.exec(line)?.[1] ?? input;
    const value = /^ {4}default: (.*)$/.exec(line)?.[1];
    if (input !== undefined && value !== undefined) defaults[input] = unquoted(value);
  }
  const runs = Object.fromEntries(section(lines, 'runs:').map((line) => line.trim().split(': ')));
  if (Object.keys(defaults).length === 0 || !runs.main || !runs.post) {
    throw new DemoError(
      'action.yml could not be read: it should have inputs with defaults, and runs with main and post.',
    );
  }
  return { defaults, main: runs.main, post: runs.post };
}

/**
 * @param {readonly string[]} lines
 * @param {string} title
 */
function section(lines, title) {
  const after = lines.slice(lines.indexOf(title) + 1);
  const end = after.findIndex((line) => /^\S/.test(line));
  return after.slice(0, end === -1 ? undefined : end).filter((line) => line.trim() !== '');
}

/** @param {string} value */
function unquoted(value) {
  // An expression, such as the token of the job, which there is none of here.
  if (value.startsWith('${{')) return '';
  return /^'.*'$/.test(value) ? value.slice(1, -1).replaceAll("''", "'") : value;
}
