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
  /** The state's definition, as forms, and its shape as Erlang text. */
  readonly old: string;
  readonly new: string;
  readonly oldShape: string;
  readonly newShape: string;
  /** Calls of the pasted function, as Erlang text. */
  readonly calls: string;
}

/** Makes the clauses, compiles them in the new version of a module, and calls them. */
function converted(question: Question): string {
  const program = `
    Forms = fun(Text) ->
      {ok, Tokens, _} = erl_scan:string(Text),
      case Tokens of [] -> []; _ -> {ok, Form} = erl_parse:parse_form(Tokens), [Form] end
    end,
    {ok, [{Kind, OldText, OldShape, NewText, NewShape}]} = file:consult("question"),
    Index = fun(Text) -> relup_check_forms:index(Forms(Text)) end,
    case relup_check_paste:clauses(Kind, {[OldShape], Index(OldText)}, {[NewShape], Index(NewText)}) of
      null -> io:put_chars("null");
      Clauses ->
        ok = file:write_file("m.erl", ["-module(m).\\n-compile([export_all, nowarn_export_all]).\\n", NewText, "\\n", Clauses, ".\\nask() -> ${question.calls}.\\n"]),
        {ok, m, []} = compile:file("m", [return]),
        io:format("~0tp", [m:ask()])
    end, halt().`;
  const text = (value: string): string => JSON.stringify(value);
  writeFileSync(
    join(dir, 'question'),
    `{${question.kind}, ${text(question.old)}, ${question.oldShape}, ${text(question.new)}, ${question.newShape}}.`,
  );
  const args = ['-noinput', '-boot', 'no_dot_erlang', '-pa', erlang.ebin, '-eval', program];
  return execFileSync('erl', args, { cwd: dir, encoding: 'utf8' });
}

describe('clauses to paste', () => {
  it('convert a record both ways, with new fields as their defaults', () => {
    const question = {
      kind: 'gen_server',
      old: '-record(state, {calls, gone}).',
      new: "-record(state, {'Odd one' = 7, calls, last = none}).",
      oldShape: '{record, state}',
      newShape: '{record, state}',
      calls: 'code_change(old, {state, 3, x}, e), code_change({down, v}, {state, 7, 4, n}, e)',
    };
    expect(converted({ ...question, calls: 'code_change(v, {state, 3, x}, e)' })).toBe(
      '{ok,{state,7,3,none}}',
    );
    expect(converted({ ...question, calls: 'code_change({down, v}, {state, 7, 4, n}, e)' })).toBe(
      '{ok,{state,4,undefined}}',
    );
  });

  it('convert a map, the data of a gen_statem, and the state of a special process', () => {
    const map = { old: '', new: '', oldShape: '{map, [a, b]}', newShape: '{map, [a, c]}' };
    // the order in which a map is printed depends on the emulator
    const ask = (kind: string, call: string, answer: string): string =>
      converted({ kind, ...map, calls: `${call} =:= ${answer}` });
    expect(ask('gen_server', 'code_change(v, #{a => 1, b => 2}, e)', '{ok, #{a => 1, c => undefined}}')).toBe(
      'true',
    );
    expect(
      ask(
        'gen_statem',
        'code_change({down, v}, on, #{a => 1, c => 2}, e)',
        '{ok, on, #{a => 1, b => undefined}}',
      ),
    ).toBe('true');
    expect(
      ask('special', 'system_code_change(#{a => 1, b => 2}, m, v, e)', '{ok, #{a => 1, c => undefined}}'),
    ).toBe('true');
  });

  it('are not made where one state does not become another field by field', () => {
    const question = { kind: 'gen_server', old: '', new: '', calls: 'ok' };
    expect(converted({ ...question, oldShape: 'list', newShape: '{map, [a]}' })).toBe('null');
    expect(converted({ ...question, oldShape: '{map, [a]}', newShape: '{map, [a]}' })).toBe('null');
  });
});
