// What a script of a relup does, as Erlang reads it.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang, type SharedErlang } from '../support/shared-erlang.js';

let folder: string;
let erlang: SharedErlang;
beforeAll(async () => {
  folder = temporaryFolder();
  erlang = await sharedErlang(join(folder, 'erlang'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A member of the effects of a script, as text without spaces. */
async function effect(name: string, call: string): Promise<string> {
  return (await erlang.evaluate(`maps:get(${name}, ${call})`)).replaceAll(/\s/g, '');
}

it.each([
  [
    'purgesSoftly',
    "{load, {web, soft_purge, brutal_purge}}, {remove, {'Elixir.Web', soft_purge, soft_purge}}, {load, {a, brutal_purge, soft_purge}}",
    "[web,'Elixir.Web']",
  ],
  ['suspends', '{suspend, [b, {a, 9000}]}, {suspend, [a]}', '[a,b]'],
  ['stops', '{stop, [b, a]}, {start, [a, b]}', '[a,b]'],
  [
    'starts',
    '{apply, {application, start, [web, permanent]}}, {apply, {web, start, [other, permanent]}}',
    '[web]',
  ],
  [
    'stopsApplications',
    "{apply, {application, stop, ['my-app']}}, {apply, {application, unload, [web]}}",
    "['my-app']",
  ],
  [
    'children',
    '{apply, {supervisor, restart_child, [web_sup, {pool, "a b"}]}}, {apply, {supervisor, start_child, [web_sup, #{id => a}, x]}}',
    '[#{call=>restart_child,id=><<"{pool,\\"ab\\"}">>,supervisor=><<"web_sup">>}]',
  ],
])('%s', async (name, instructions, expected) => {
  expect(await effect(name, `relup_effects:of_script([point_of_no_return, ${instructions}])`)).toBe(expected);
  expect(await effect(name, 'relup_effects:of_script([restart_new_emulator])')).toBe('[]');
  const file = join(folder, name);
  writeFileSync(file, `${instructions.replaceAll('}}, {', '}}.\n{').replaceAll(']}, {', ']}.\n{')}.\n`);
  expect(await effect(name, `relup_effects:of_file("${file}")`)).toBe(expected);
});

it('by module that is loaded those whose processes are suspended then', async () => {
  const instructions =
    '{suspend, [b, {a, 9000}]}, {load, {b, x, y}}, {resume, [b]}, {load, {c, x, y}}, {resume, [a]}, {load, {d, x, y}}';
  expect(await effect('waits', `relup_effects:of_script([${instructions}])`)).toBe('#{b=>[a,b],c=>[a]}');
  expect(await effect('waits', 'relup_effects:of_script([restart_new_emulator])')).toBe('#{}');
});

it('of a relup those of the one version, both ways; of none nothing', async () => {
  const file = join(folder, 'relup');
  writeFileSync(
    file,
    '{"3", [{"2", [], [{suspend, [a]}]}, {"1", [], [{suspend, [b]}]}], [{"1", [], [{stop, [c]}]}]}.\n',
  );
  const of = (version: string, way: string): string =>
    `maps:get(${way}, relup_effects:of_relup("${file}", "${version}"))`;
  expect(await effect('suspends', of('1', 'up'))).toBe('[b]');
  expect(await effect('suspends', of('2', 'up'))).toBe('[a]');
  expect(await effect('stops', of('1', 'down'))).toBe('[c]');
  expect(await effect('stops', of('2', 'down'))).toBe('[]');
  rmSync(file);
  expect(await effect('suspends', of('1', 'up'))).toBe('[]');
});

it('where other nodes are waited for', async () => {
  const of = '{sync_nodes, a, [x@y]}, point_of_no_return, {sync_nodes, b, {shop, nodes, [all]}}';
  expect(await effect('syncs', `relup_effects:of_script([${of}])`)).toBe(
    '[#{call=>null,nodes=>[<<"x@y">>]},#{call=><<"shop:nodes/1">>,nodes=>[]}]',
  );
});

it('names of nodes in a relup become those of scratch nodes; what a function gives stays', async () => {
  const file = join(folder, 'renamed');
  const script = "[{sync_nodes, s, ['a@one', 'b@two']}, {sync_nodes, t, {erlang, nodes, []}}]";
  writeFileSync(file, `{"2", [{"1", [], ${script}}], [{"1", [], ${script}}]}.\n`);
  await erlang.query('sync-nodes', [file, 'x@localhost', 'y@localhost']);
  const renamed = '[{sync_nodes,s,[x@localhost,y@localhost]},{sync_nodes,t,{erlang,nodes,[]}}]';
  const read = await erlang.evaluate(`{ok, Terms} = file:consult("${file}"), Terms`);
  expect(read.replaceAll(/\s/g, '')).toBe(`[{"2",[{"1",[],${renamed}}],[{"1",[],${renamed}}]}]`);
});
