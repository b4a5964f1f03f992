import { describe, expect, test } from 'vitest';
import { applicationFindings } from '../../../src/plan/application-findings.js';
import type { BuiltRelease } from '../../../src/model/release.js';
import { compareReleases } from '../../../src/model/release-difference.js';
import { ascending, CODE_CHANGE, generate, positions, server, value } from '../../support/generating.js';
import type { SmallRelease } from '../../support/small-releases.js';

describe('the order of applications (H28, H35)', () => {
  const app = (
    vsn: string,
    modules: Record<string, string>,
    more: Partial<SmallRelease[string]> = {},
  ): SmallRelease[string] => ({
    vsn,
    modules,
    ...more,
  });
  const runs = (name: string): Pick<SmallRelease[string], 'properties'> => ({
    properties: `{mod, {${name}, []}}`,
  });

  test('dependencies come first when upgrading and last when downgrading', async () => {
    const release = (vsn: string): SmallRelease => ({
      x: app(vsn, { x: value(vsn) }, { needs: ['y'] }),
      y: app(vsn, { y: value(vsn) }, { needs: ['z'] }),
      z: app(vsn, { z: value(vsn) }),
    });
    const { relup } = await generate({ '1': release('1'), '2': release('2') });
    ascending(positions(relup.up[0]?.instructions, '{load,{z,', '{load,{y,', '{load,{x,'));
    ascending(positions(relup.down[0]?.instructions, '{load,{x,', '{load,{y,', '{load,{z,'));
    expect(relup.up[0]?.instructions.join()).not.toContain('relup_segments');
  });

  test('an added application starts after what it needs, and before what needs it; and back', async () => {
    const { relup } = await generate({
      '1': { x: app('1', { x: value('1') }), z: app('1', { z: value('1') }) },
      '2': {
        x: app('2', { x: value('2') }, { needs: ['added'] }),
        z: app('2', { z: value('2') }),
        added: app('1', { added: value('1') }, { needs: ['z'], ...runs('added') }),
      },
    });
    ascending(
      // its code comes first of all: nobody calls it yet, and other added applications may
      positions(
        relup.up[0]?.instructions,
        '{load,{added,',
        '{load,{z,',
        '{apply,{application,start,[added',
        '{load,{x,',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{load,{x,',
        '{apply,{application,stop,[added',
        '{remove,{added,',
        '{load,{z,',
      ),
    );
  });

  test('removed applications go last, those that need others before them; and back', async () => {
    const { relup } = await generate({
      '1': {
        x: app('1', { x: value('1') }, { needs: ['top'] }),
        low: app('1', { low: value('1') }),
        top: app('1', { top: value('1') }, { needs: ['low'] }),
      },
      '2': { x: app('2', { x: value('2') }) },
    });
    ascending(
      positions(
        relup.up[0]?.instructions,
        '{load,{x,',
        '{apply,{application,stop,[top',
        '{apply,{application,stop,[low',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{apply,{application,start,[low',
        '{apply,{application,start,[top',
        '{load,{x,',
      ),
    );
  });

  test('a renamed application stops before its successor starts, and its modules stay loaded', async () => {
    const modules = (text: string): Record<string, string> => ({
      srv: server(text, CODE_CHANGE),
      cb: value(text),
    });
    const { relup } = await generate({
      '1': { before: app('1', modules('1'), runs('cb')), x: app('1', { x: value('1') }) },
      '2': { later: app('1', modules('2'), runs('cb')), x: app('2', { x: value('2') }) },
    });
    ascending(
      positions(
        relup.up[0]?.instructions,
        '{apply,{application,stop,[before',
        '{load,{srv,',
        '{apply,{application,start,[later',
      ),
    );
    ascending(
      positions(
        relup.down[0]?.instructions,
        '{apply,{application,stop,[later',
        '{load,{srv,',
        '{apply,{application,start,[before',
      ),
    );
    expect(relup.up[0]?.removes).toEqual([]);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('a module of a library that is removed stays when another application has it now', async () => {
    const { relup } = await generate({
      '1': { gone: app('1', { moved: value('1'), rest: value('1') }), x: app('1', { x: value('1') }) },
      '2': { x: app('2', { x: value('2'), moved: value('1') }) },
    });
    expect([...(relup.up[0]?.loads ?? [])].sort()).toEqual(['moved', 'x']);
    expect(relup.up[0]?.removes).toEqual(['rest']);
    expect([...(relup.down[0]?.loads ?? [])].sort()).toEqual(['moved', 'rest', 'x']);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('a module that moved to an added application is loaded with it, and by the old one on the way back', async () => {
    const { relup } = await generate({
      '1': { x: app('1', { x: value('moved:value()'), moved: value('1') }) },
      '2': {
        x: app('2', { x: value('moved:value(), 2') }, { needs: ['fresh'] }),
        fresh: app('1', { moved: value('2') }),
      },
    });
    expect(relup.up[0]?.loads).toEqual(['moved', 'x']);
    expect(relup.up[0]?.removes).toEqual([]);
    expect(relup.up[0]?.instructions.join()).toContain('{load_object_code,{fresh,"1",[moved]}}');
    expect([...(relup.down[0]?.loads ?? [])].sort()).toEqual(['moved', 'x']);
    expect(relup.down[0]?.removes).toEqual([]);
  });

  test('what else a release has is said: applications, moved modules, start phases', async () => {
    const phases = { properties: '{mod, {x, []}}, {start_phases, [{one, []}, {two, []}]}' };
    const result = await generate({
      '1': { gone: app('1', { moved: value('1') }), x: app('1', { x: value('1') }) },
      '2': {
        x: app('2', { x: value('2'), moved: value('1') }, phases),
        fresh: app('1', { fresh: value('1') }),
      },
    });
    const differences = [
      compareReleases(result.releases['1'] as BuiltRelease, result.releases['2'] as BuiltRelease),
    ];
    expect(
      applicationFindings(differences, result.relup).map(({ id, application, module }) => [
        id,
        application,
        module,
      ]),
    ).toEqual([
      ['application-added', 'fresh', undefined],
      ['application-removed', 'gone', undefined],
      ['module-moved', 'x', 'moved'],
      ['start-phase-added', 'x', undefined],
    ]);
  });
});
