import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BuildFolder } from '../../src/build/build-folder.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let place: string;
beforeEach(() => {
  folder = temporaryFolder();
  place = own('new');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function own(name: string): string {
  const dir = join(folder, name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'name'), name);
  return dir;
}

const nameIn = (dir: string): string => readFileSync(join(dir, 'name'), 'utf8');
const nothing = (): Promise<void> => Promise.resolve();

test('guests are at its path one after the other, and all are back afterwards', async () => {
  const lent = new BuildFolder(Promise.resolve(place), Promise.resolve());
  const guests = ['one', 'two', 'three'].map(own);
  const seen: string[] = [];
  const visit = async (dir: string): Promise<string> => {
    const prepare = (): Promise<void> => {
      seen.push(`${nameIn(place)} before ${nameIn(dir)}`);
      return nothing();
    };
    const work = async (): Promise<string> => {
      seen.push(nameIn(place));
      await new Promise(setImmediate);
      return nameIn(place);
    };
    return lent.lend({ dir, prepare, work });
  };
  expect(await Promise.all(guests.map(visit))).toEqual(['one', 'two', 'three']);
  expect(seen).toEqual(['new before one', 'one', 'new before two', 'two', 'new before three', 'three']);
  expect([place, ...guests].map(nameIn)).toEqual(['new', 'one', 'two', 'three']);
  expect(existsSync(`${place}.aside`)).toBe(false);
});

test('it is lent when its own build has ended, and nobody holds it', async () => {
  const built = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  const lent = new BuildFolder(Promise.resolve(place), built.promise);
  lent.hold(held.promise);
  let begun = false;
  const prepare = (): Promise<void> => {
    begun = true;
    return nothing();
  };
  const visit = lent.lend({ dir: own('one'), prepare, work: nothing });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  built.resolve();
  await settle();
  lent.hold(late.promise);
  held.reject(new Error('this concerns somebody else'));
  await settle();
  expect(begun).toBe(false);
  late.resolve();
  await visit;
  expect(begun).toBe(true);
});

test('what fails is told to the guest, and the folders are back for the next one', async () => {
  const lent = new BuildFolder(Promise.resolve(place), Promise.resolve());
  const dir = own('one');
  const fail = (): Promise<never> => Promise.reject(new Error('no'));
  await expect(lent.lend({ dir, prepare: nothing, work: fail })).rejects.toThrow('no');
  expect([place, dir].map(nameIn)).toEqual(['new', 'one']);
  await expect(lent.lend({ dir, prepare: fail, work: nothing })).rejects.toThrow('no');
  expect(await lent.lend({ dir, prepare: nothing, work: () => Promise.resolve(nameIn(place)) })).toBe('one');
});

test('where the own build failed, that is what all guests are told', async () => {
  const failure = Promise.reject(new Error('does not compile'));
  const lent = new BuildFolder(Promise.resolve(place), failure);
  const dir = own('one');
  await expect(lent.lend({ dir, prepare: nothing, work: nothing })).rejects.toThrow('does not compile');
});
