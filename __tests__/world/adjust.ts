// What upstream leaves to erlang.mk or to a rebar3 plugin that only a package registry has.

interface Resource {
  readonly applications?: readonly string[];
  readonly mod?: string;
  readonly registered?: readonly string[];
}

/** An application resource file as erlang.mk generates it. */
export function applicationResource(name: string, vsn: string, resource: Resource = {}): string {
  const { applications = [], mod, registered = [] } = resource;
  return `{application, ${name}, [
  {description, "${name}"},
  {vsn, "${vsn}"},
  {modules, []},
  {registered, [${registered.join(', ')}]},
  {applications, [${['kernel', 'stdlib', ...applications].join(', ')}]},
  ${mod === undefined ? '' : `{mod, {${mod}, []}},`}
  {env, []}
]}.
`;
}

/**
 * A shell script that compiles shared libraries with debug information, as port compilers do.
 *
 * @param libraries path below `priv`, without `.so` → source files and libraries
 */
export function cc(libraries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(libraries).map(
    ([path, sources]) =>
      `[ -e priv/${path}.so ] || cc -g -O2 -Wall -fPIC -shared -I"$erts/include" -o priv/${path}.so ${sources}`,
  );
  return `set -e
erts=$(erl -noinput -boot no_dot_erlang -eval 'io:put_chars(code:root_dir() ++ "/usr"), halt().')
mkdir -p priv/lib
${lines.join('\n')}
`;
}
