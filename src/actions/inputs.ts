import { getBooleanInput, getInput } from '@actions/core';
import { parseDuration } from '../shared/duration.js';
import { BadInputError } from '../shared/errors.js';

/** @throws {BadInputError} for anything but YAML's true and false */
export function flag(name: string, fallback: boolean): boolean {
  if (getInput(name) === '') return fallback;
  try {
    return getBooleanInput(name);
  } catch (error) {
    throw new BadInputError(`The input \`${name}\` is "${getInput(name)}".`, {
      remedy: 'Write true or false.',
      cause: error,
    });
  }
}

/** One of some words; the first is the default. @throws {BadInputError} */
export function oneOf<T extends string>(name: string, allowed: readonly [T, ...T[]]): T {
  const value = getInput(name) || allowed[0];
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: `Write ${allowed.join(' or ')}.`,
  });
}

/** A duration of at most a day, in seconds. @throws {BadInputError} */
export function duration(name: string, fallback: string, least = 0): number {
  const value = getInput(name) || fallback;
  const seconds = parseDuration(value);
  if (seconds !== undefined && seconds >= least && seconds <= 86_400) return seconds;
  throw new BadInputError(`The input \`${name}\` is "${value}".`, {
    remedy: 'Write a duration of at most a day: 90s, 5m or 1h.',
  });
}
