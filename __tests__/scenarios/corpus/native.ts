// Native code and code that runs when it is loaded.
import { plain, shop } from '../modules.js';
import type { Scenario } from '../scenario.js';

const ON_LOAD = (value: string) => `-on_load(load/0).\n-export([f/0]).\nload() -> ok.\nf() -> ${value}.\n`;

const NIF = (value: string) =>
  `-on_load(load/0).\n-export([f/0]).\nload() -> _ = erlang:load_nif("fast", 0), ok.\nf() -> ${value}.\n`;

export const NATIVE: readonly Scenario[] = [
  {
    name: 'a module that loads a library changes',
    hazards: ['H34'],
    upFrom: { apps: { shop: shop({ fast: NIF('1') }) } },
    to: { apps: { shop: { src: { fast: NIF('2') } } } },
    expect: { refused: 'native-code-changed' },
  },
  {
    name: 'a module with on_load that loads no library changes',
    hazards: ['H34'],
    upFrom: { apps: { shop: shop({ fast: ON_LOAD('1') }) } },
    to: { apps: { shop: { src: { fast: ON_LOAD('2') } } } },
    expect: 'equal',
    asks: [{ ask: 'fast:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a module with on_load stays as it is',
    hazards: ['H34'],
    upFrom: { apps: { shop: shop({ fast: ON_LOAD('1'), price: plain('1') }) } },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    asks: [{ ask: 'price:f()', upFrom: '1', to: '2' }],
  },
  {
    name: 'a shared object changes',
    hazards: ['H34'],
    upFrom: { apps: { shop: shop({ fast: ON_LOAD('1') }, { files: { 'priv/fast.so': 'old' } }) } },
    to: { apps: { shop: { files: { 'priv/fast.so': 'new' } } } },
    expect: { refused: 'native-code-changed' },
  },
  {
    name: 'a shared object stays as it is',
    hazards: ['H34'],
    upFrom: {
      apps: { shop: shop({ fast: ON_LOAD('1'), price: plain('1') }, { files: { 'priv/fast.so': 'same' } }) },
    },
    to: { apps: { shop: { src: { price: plain('2') } } } },
    expect: 'equal',
    asks: [{ ask: 'price:f()', upFrom: '1', to: '2' }],
  },
];
