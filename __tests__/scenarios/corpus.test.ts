import { describe, expect, it } from 'vitest';
import { CORPUS } from './corpus/index.js';

/** What goes wrong with appups and can be reproduced with plain Erlang/OTP (group C of the hazards, and what leads there). */
const HAZARDS = [
  'H14',
  'H18',
  'H20',
  ...Array.from({ length: 15 }, (_, index) => `H${21 + index}`),
  'H36',
  'H37',
  'H38',
];

describe('the scenario corpus', () => {
  it('holds at least 80 pairs of versions, each under a name of its own', () => {
    const names = CORPUS.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(HAZARDS)('has a scenario for %s', (hazard) => {
    expect(CORPUS.some(({ hazards = [] }) => hazards.includes(hazard))).toBe(true);
  });

  it('asks the node in most pairs that must be equal, so that state and behaviour are seen, too', () => {
    const proven = CORPUS.filter(({ expect: expected }) => expected === 'equal');
    const asking = proven.filter(({ asks = [] }) => asks.length > 0);
    expect(asking.length / proven.length).toBeGreaterThan(0.8);
  });
});
