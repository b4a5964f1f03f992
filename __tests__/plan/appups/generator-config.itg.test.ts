import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GeneratedAppup } from '../../../src/plan/appups/generator.js';
import { readAppupConfig } from '../../../src/plan/appups/relup-config.js';
import {
  CODE_CHANGE,
  erlang,
  generate,
  newPath,
  only,
  server,
  value,
  versions,
} from '../../support/generating.js';
import { projectRoot } from '../../support/repository.js';

describe('relup.config and corrections', () => {
  const before = { a: value('1'), b: value('1') };
  const after = { a: value('2'), b: value('2') };
  const config = (text: string): string => {
    const file = newPath('relup.config');
    writeFileSync(file, text);
    return file;
  };

  test('the example of docs/appups.md: restart, purge by module, instructions around the generated ones', async () => {
    const page = readFileSync(join(projectRoot, 'docs/appups.md'), 'utf8');
    const [, example = ''] = /```erlang\n%% relup\.config\n([\s\S]*?)```/.exec(page) ?? [];
    const file = config(example);
    const listed = await erlang.query<unknown>('config', [file]);
    expect(listed).toEqual([
      { application: 'legacy', strategy: 'restart', native: false },
      { application: 'payments', strategy: 'require', native: false },
      { application: 'shop', strategy: null, native: false },
      { application: 'storage', strategy: 'refuse', native: false },
    ]);
    const shop = (text: string): Record<string, string> => ({
      shop_cart: server(text, CODE_CHANGE),
      shop_price: value(text),
    });
    const result = await generate(
      {
        '1': { shop: { vsn: '1', modules: shop('1') }, legacy: { vsn: '1', modules: { x: value('1') } } },
        '2': { shop: { vsn: '2', modules: shop('2') }, legacy: { vsn: '2', modules: { x: value('2') } } },
      },
      'brutal',
      { configFile: file, corrections: [] },
    );
    const instructions = ({ up, down }: GeneratedAppup): unknown => [
      up[0]?.instructions,
      down[0]?.instructions,
    ];
    expect(result.notices).toContainEqual({
      id: 'application-restarted',
      application: 'legacy',
      modules: [],
    });
    const [legacy, generated] = result.appups as [GeneratedAppup, GeneratedAppup];
    expect(instructions(legacy)).toEqual([
      ['{restart_application,legacy}'],
      ['{restart_application,legacy}'],
    ]);
    expect(instructions(generated)).toEqual([
      [
        '{apply,{shop_price,freeze,[]}}',
        '{update,shop_cart,{advanced,[]}}',
        '{load_module,shop_price,soft_purge,soft_purge,[]}',
        '{apply,{shop_price,thaw,[]}}',
      ],
      [
        '{load_module,shop_price,soft_purge,soft_purge,[]}',
        '{update,shop_cart,{advanced,[]}}',
        '{apply,{shop_price,thaw,[]}}',
      ],
    ]);
  });

  test('a purge mode may be given for a whole application', async () => {
    const file = config('{a, [{purge, soft_purge}]}.');
    const result = await generate(versions({ m: value('1') }, { m: value('2') }), 'brutal', {
      configFile: file,
      corrections: [],
    });
    expect(only(result).up).toEqual(['{load_module,m,soft_purge,soft_purge,[]}']);
  });

  test.each([
    ['{a, [', 'line 2: the full stop at its end is missing'],
    ['[a].', '[a] is not of the form {Application, [Option]}'],
    ['{a, []}. {a, []}.', 'a stands there twice'],
    [
      '{a, [{strategy, reboot}]}.',
      'the strategy of a must be restart, generate, require or refuse, not reboot',
    ],
    [
      '{a, [{purge, hard}]}.',
      'purge of a must be soft_purge, brutal_purge or a list of {Module, soft_purge | brutal_purge}, not hard',
    ],
    ['{a, [{purge, [{m, soft}]}]}.', 'not {m,soft}'],
    [
      '{a, [{up, [{load_module, m}]}]}.',
      "up of a must be a list of {before, Instructions} and {'after', Instructions}",
    ],
    ['{a, [{native, yes}]}.', 'native of a must be allow, not yes'],
    ['{a, [{before, []}]}.', 'a has the option {before,[]}, but there are only '],
  ])('a mistake in relup.config is told in words: %s', async (text, why) => {
    const projectDir = newPath('project');
    mkdirSync(projectDir);
    writeFileSync(join(projectDir, 'relup.config'), `${text}\n`);
    const failure = readAppupConfig(erlang, { projectDir, projectPath: 'sub' }, []);
    await expect(failure).rejects.toThrow(`relup.config cannot be used: `);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toMatchObject({ location: { file: 'sub/relup.config' } });
  });

  test('an application that is in no release is a mistake, too', async () => {
    const projectDir = newPath('project');
    mkdirSync(projectDir);
    writeFileSync(join(projectDir, 'relup.config'), '{shopp, []}.\n');
    await expect(readAppupConfig(erlang, { projectDir, projectPath: '' }, [])).rejects.toThrow(
      'relup.config names shopp, which is in none of the releases.',
    );
  });

  test('corrections stand first and last, in their version and direction only', async () => {
    const correction = { application: 'a', upFrom: '1', direction: 'up', position: 'last' } as const;
    const result = await generate(versions(before, after), 'brutal', {
      configFile: '',
      corrections: [
        { ...correction, instruction: '{apply,{supervisor,restart_child,[s,w]}}' },
        { ...correction, instruction: '{apply,{\'X.y\',f,["é"]}}' },
        { ...correction, direction: 'down', position: 'first', instruction: '{apply,{m,f,[]}}' },
        { ...correction, upFrom: '0', instruction: '{apply,{m,g,[]}}' },
        { ...correction, application: 'b', instruction: '{apply,{m,h,[]}}' },
      ],
    });
    expect(only(result)).toEqual({
      up: [
        '{load_module,a}',
        '{load_module,b}',
        '{apply,{supervisor,restart_child,[s,w]}}',
        `{apply,{'X.y',f,["é"]}}`,
      ],
      down: ['{apply,{m,f,[]}}', '{load_module,b}', '{load_module,a}'],
    });
    expect(result.relup.up[0]?.instructions.at(-2)).toBe('{apply,{supervisor,restart_child,[s,w]}}');
  });
});
