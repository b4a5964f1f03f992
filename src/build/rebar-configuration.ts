import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What rebar3 is to see otherwise than the project wrote it; everything else stays. Beside these, relx never looks for the
 * source of each module: systools lists the folder anew for every one, so that the time grows with the square of their
 * number, only to warn of sources that are not there.
 */
export interface ConfigurationChanges {
  /** rebar3_appup_plugin and its hooks are left out, in every profile (H16): we do what they do. */
  readonly withoutAppupPlugin: boolean;
  /** relx does not look for calls of undefined functions: it would only warn, and of large releases it takes longest. */
  readonly withoutUndefinedCheck: boolean;
  /** The release of that name has that version, wherever its own comes from. */
  readonly raised?: { readonly name: string; readonly version: string };
}

/** A text as Erlang reads it whatever is in it. */
function characters(text: string): string {
  return JSON.stringify([...text].map((char) => char.codePointAt(0)));
}

/** Evaluated by rebar3 as the configuration; it reads the project's own just as rebar3 would have, scripts included. */
const script = (own: string, changes: ConfigurationChanges): string => `IsPlugin = fun
    (rebar3_appup_plugin) -> true;
    (Plugin) -> is_tuple(Plugin) andalso element(1, Plugin) =:= rebar3_appup_plugin
end,
IsHook = fun
    ({_, {appup, _}}) -> true;
    (_) -> false
end,
WithoutPlugin = fun
    ({Key, Plugins}) when Key =:= plugins; Key =:= project_plugins ->
        {Key, [Plugin || Plugin <- Plugins, not IsPlugin(Plugin)]};
    ({provider_hooks, Hooks}) ->
        {provider_hooks, [{Time, [Hook || Hook <- Listed, not IsHook(Hook)]} || {Time, Listed} <- Hooks]};
    (Option) ->
        Option
end,
Raise = fun
    (Term, Name, Version) when element(1, Term) =:= release, element(1, element(2, Term)) =:= Name ->
        setelement(2, Term, {Name, Version});
    ({default_release, {Name, _}}, Name, Version) ->
        {default_release, {Name, Version}};
    ({default_release, Name, _}, Name, Version) ->
        {default_release, Name, Version};
    (Term, _, _) ->
        Term
end,
Raised = fun(Terms) ->
    lists:foldl(
        fun({Name, Version}, All) -> [Raise(Term, list_to_atom(Name), Version) || Term <- All] end,
        Terms,
        ${changes.raised === undefined ? '[]' : `[{${characters(changes.raised.name)}, ${characters(changes.raised.version)}}]`}
    )
end,
case file:consult("relx.config") of
    {ok, Terms} when ${String(changes.raised !== undefined)} ->
        ok = file:write_file("relx.config", [io_lib:format("~tp.~n", [Term]) || Term <- Raised(Terms)]);
    _ ->
        ok
end,
Relx = [{src_tests, false} | [{check_for_undefined_functions, false} || ${String(changes.withoutUndefinedCheck)}]],
WithRelx = fun
    ({relx, Own}) when is_list(Own) -> {relx, Raised(Own) ++ Relx};
    (Option) -> Option
end,
Changes = [Change || {Change, true} <- [
    {WithoutPlugin, ${String(changes.withoutAppupPlugin)}},
    {WithRelx, true}
]],
Apply = fun
    Apply({profiles, Profiles}) when is_list(Profiles) ->
        {profiles, [
            case Profile of
                {Name, Options} when is_list(Options) -> {Name, [Apply(Option) || Option <- Options]};
                _ -> Profile
            end
         || Profile <- Profiles
        ]};
    Apply(Option) ->
        lists:foldl(fun(Change, Changed) -> Change(Changed) end, Option, Changes)
end,
Options = try
    rebar_config:consult_file(${characters(own)})
catch
    throw:{error, {Module, Reason}} ->
        rebar_log:log(error, "~ts", [Module:format_error(Reason)]),
        throw({error, {Module, Reason}})
end,
[Apply(Option) || Option <- Options].
`;

/**
 * Writes a configuration that differs from the project's own in nothing but the changes. The project's files stay as they
 * are, and so does what git tells of its worktree. A rebar3 that a hook calls in another folder reads that folder's own.
 *
 * @param folder a private folder, new for every set of changes
 * @returns the value of REBAR_CONFIG that makes rebar3 use it
 */
export async function changedConfiguration(folder: string, changes: ConfigurationChanges): Promise<string> {
  const path = join(folder, 'rebar.config');
  await writeFile(`${path}.script`, script(process.env.REBAR_CONFIG ?? 'rebar.config', changes));
  return path;
}
