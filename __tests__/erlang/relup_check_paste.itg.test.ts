import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompiledErlang } from '../../src/programs/erlang.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: CompiledErlang;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Question {
  readonly kind: string;
  /** The two versions: records, and functions of which init/1 makes the state. */
  readonly old: string;
  readonly new: string;
}

const OF_MAIN = 'init(_) -> {ok, ';

/** Makes the clauses, compiles them in the new version of a module, and answers calls of them. */
function converted(question: Question, ...calls: string[]): string[] {
  const program = `
    Parsed = fun Next(Tokens) ->
      case lists:splitwith(fun(Token) -> element(1, Token) =/= dot end, Tokens) of
        {[], []} -> [];
        {Form, [Dot | More]} -> {ok, One} = erl_parse:parse_form(Form ++ [Dot]), [One | Next(More)]
      end
    end,
    {ok, [{Kind, OldText, NewText}]} = file:consult("question"),
    Side = fun(Text) ->
      {ok, Tokens, _} = erl_scan:string(Text),
      Index = relup_check_forms:index(Parsed(Tokens)),
      Shapes = [State || {tuple, Elements} <- relup_check_shape:returns({init, 1}, [[unknown]], Index), State <- lists:last(Elements)],
      {Shapes, Index}
    end,
    case relup_check_paste:clauses(Kind, Side(OldText), Side(NewText)) of
      null -> io:format("null~n~ts", [[[O, " ", B, " ", N, " ", D] || #{old := O, becomes := B, new := N, back := D} <- relup_check_paste:records(Side(OldText), Side(NewText))]]);
      Clauses ->
        Asks = ["a", "b", "c"],
        Calls = [${calls.map((one) => JSON.stringify(one)).join(', ')}],
        Ask = [[A, "() -> ", C, ".\\n"] || {A, C} <- lists:zip(lists:sublist(Asks, length(Calls)), Calls)],
        ok = file:write_file("m.erl", ["-module(m).\\n-compile([export_all, nowarn_export_all]).\\n", NewText, "\\n", Clauses, ".\\n", Ask]),
        {ok, m, []} = compile:file("m", [return]),
        [io:format("~0tp~n", [m:(list_to_atom(A))()]) || A <- lists:sublist(Asks, length(Calls))]
    end, halt().`;
  writeFileSync(
    join(dir, 'question'),
    `{${question.kind}, ${JSON.stringify(question.old)}, ${JSON.stringify(question.new)}}.`,
  );
  const args = ['-noinput', '-boot', 'no_dot_erlang', '-pa', erlang.ebin, '-eval', program];
  return execFileSync('erl', args, { cwd: dir, encoding: 'utf8' }).trim().split('\n');
}

describe('clauses to paste', () => {
  it('convert a record both ways, with new fields as their defaults', () => {
    const question = {
      kind: 'gen_server',
      old: `-record(state, {calls, gone = 5}).\n${OF_MAIN}#state{}}.`,
      new: `-record(state, {'Odd one' = 7, calls, last = none}).\n${OF_MAIN}#state{}}.`,
    };
    expect(
      converted(question, 'code_change(v, {state, 3, x}, e)', 'code_change({down, v}, {state, 7, 4, n}, e)'),
    ).toEqual(['{ok,{state,7,3,none}}', '{ok,{state,4,5}}']);
  });

  it('take the value of a new field or key that init/1 writes', () => {
    const record = {
      kind: 'gen_server',
      old: `-record(state, {calls}).\n${OF_MAIN}#state{calls = 0}}.`,
      new: `-record(state, {calls, limit, at}).\n${OF_MAIN}#state{calls = 0, limit = {max, 10}, at = time()}}.`,
    };
    expect(converted(record, 'code_change(v, {state, 3}, e)')).toEqual(['{ok,{state,3,{max,10},undefined}}']);
    const map = {
      kind: 'gen_server',
      old: `${OF_MAIN}#{calls => 0, gone => "x"}}.`,
      new: `${OF_MAIN}#{calls => 0, limit => 10}}.`,
    };
    expect(
      converted(
        map,
        'code_change(v, #{calls => 3, gone => y}, e) =:= {ok, #{calls => 3, limit => 10}}',
        'code_change({down, v}, #{calls => 3, limit => 7}, e) =:= {ok, #{calls => 3, gone => "x"}}',
      ),
    ).toEqual(['true', 'true']);
  });

  it('convert the data of a gen_statem, and the state of a special process', () => {
    const map = {
      old: `${OF_MAIN}on, #{a => 1, b => f()}}.`,
      new: `${OF_MAIN}on, #{a => 1, c => g()}}.\ng() -> 1.`,
    };
    expect(
      converted(
        { kind: 'gen_statem', ...map },
        'code_change({down, v}, on, #{a => 1, c => 2}, e) =:= {ok, on, #{a => 1, b => undefined}}',
      ),
    ).toEqual(['true']);
    expect(
      converted(
        { kind: 'special', ...map },
        'system_code_change(#{a => 1, b => 2}, m, v, e) =:= {ok, #{a => 1, c => undefined}}',
      ),
    ).toEqual(['true']);
  });

  it('convert what lies in a field or under a key, where it is there', () => {
    const records = {
      kind: 'gen_server',
      old: `-record(in, {x}).\n-record(state, {a = #in{x = 1}, b}).\n${OF_MAIN}#state{}}.`,
      new: `-record(in, {x, y = 2}).\n-record(state, {a = #in{x = 1}, b}).\n${OF_MAIN}#state{}}.`,
    };
    expect(
      converted(
        records,
        'code_change(v, {state, {in, 3}, b}, e)',
        'code_change(v, {state, undefined, b}, e)',
        'code_change({down, v}, {state, {in, 3, 4}, b}, e)',
      ),
    ).toEqual(['{ok,{state,{in,3,2},b}}', '{ok,{state,undefined,b}}', '{ok,{state,{in,3},b}}']);
    const maps = {
      kind: 'gen_server',
      old: `${OF_MAIN}#{conf => #{a => 1}}}.`,
      new: `${OF_MAIN}#{conf => #{a => 1, b => 2}}}.`,
    };
    expect(
      converted(
        maps,
        'code_change(v, #{conf => #{a => 5}}, e) =:= {ok, #{conf => #{a => 5, b => 2}}}',
        'code_change({down, v}, #{conf => #{a => 5, b => 3}}, e) =:= {ok, #{conf => #{a => 5}}}',
      ),
    ).toEqual(['true', 'true']);
    const mixed = {
      kind: 'gen_server',
      old: `-record(in, {x}).\n-record(state, {a = #{i => #in{}}}).\n${OF_MAIN}#state{}}.`,
      new: `-record(in, {x, y}).\n-record(state, {a = #{i => #in{}}}).\n${OF_MAIN}#state{}}.`,
    };
    expect(
      converted(
        mixed,
        'code_change(v, {state, #{i => {in, 3}}}, e) =:= {ok, {state, #{i => {in, 3, undefined}}}}',
      ),
    ).toEqual(['true']);
  });

  it('are not made where one state does not become another field by field', () => {
    const question = (old: string, now: string) => ({ kind: 'gen_server', old, new: now });
    expect(converted(question(`${OF_MAIN}[]}.`, `${OF_MAIN}#{a => 1}}.`))).toEqual(['null']);
    const held = (fields: string): string =>
      `-record(in, {${fields}}).\n-record(state, {a = []}).\n${OF_MAIN}#state{}}.\nadd(S) -> S#state{a = [#in{}]}.`;
    expect(converted(question(held('x'), held('x, y = 1')))).toEqual([
      'null',
      '{in, X} #in{x = X, y = 1} {in, X, _} {in, X}',
    ]);
  });
});
