import { execFileSync } from 'node:child_process';

/** An escript whose archive tells rebar3's version, as rebar3's own does, and holds no code: it cannot run. */
export function rebar3WithVersionOnly(path: string, version: string): void {
  const create = `
    App = {application, rebar, [{vsn, "${version}"}]},
    Files = [{"rebar/ebin/rebar.app", iolist_to_binary(io_lib:format("~p.~n", [App]))}],
    ok = escript:create("${path}", [shebang, {archive, Files, []}]),
    ok = file:change_mode("${path}", 8#755),
    halt().`;
  execFileSync('erl', ['-noinput', '-eval', create], { stdio: ['ignore', 'ignore', 'inherit'] });
}
