import { access, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Read by rebar3 instead of rebar.config; beside it, because a script may ask for its own folder. */
const CONFIG = 'relup-action.config';

/**
 * Evaluated by rebar3 after CONFIG, as rebar.config.script is after rebar.config: first the project's own script, then
 * everything that names the plugin is left out, in every profile.
 */
const script = (own: string): string => `OwnScript = filename:join(filename:dirname(SCRIPT), "${own}.script"),
Config = case filelib:is_regular(OwnScript) of
    true ->
        {ok, Evaluated} = file:script(OwnScript, [{'CONFIG', CONFIG}, {'SCRIPT', OwnScript}]),
        Evaluated;
    false ->
        CONFIG
end,
IsPlugin = fun
    (rebar3_appup_plugin) -> true;
    (Plugin) -> is_tuple(Plugin) andalso element(1, Plugin) =:= rebar3_appup_plugin
end,
IsHook = fun
    ({_, {appup, _}}) -> true;
    (_) -> false
end,
LeaveOut = fun
    Leave({Key, Plugins}) when Key =:= plugins; Key =:= project_plugins ->
        {Key, [Plugin || Plugin <- Plugins, not IsPlugin(Plugin)]};
    Leave({provider_hooks, Hooks}) ->
        {provider_hooks, [{Time, [Hook || Hook <- Listed, not IsHook(Hook)]} || {Time, Listed} <- Hooks]};
    Leave({profiles, Profiles}) ->
        {profiles, [{Name, [Leave(Option) || Option <- Options]} || {Name, Options} <- Profiles]};
    Leave(Option) ->
        Option
end,
[LeaveOut(Option) || Option <- Config].
`;

/**
 * Writes a configuration without rebar3_appup_plugin and its hooks beside rebar.config, in our own worktree (H16): we
 * compile .appup.src files and pack appups ourselves, so that nothing is lost.
 *
 * @param projectDir the project folder in the worktree
 * @returns the value of REBAR_CONFIG that makes rebar3 use it
 */
export async function leaveOutAppupPlugin(projectDir: string): Promise<string> {
  const own = process.env.REBAR_CONFIG ?? 'rebar.config';
  const target = join(projectDir, CONFIG);
  const written = await access(join(projectDir, own)).then(
    () => true,
    () => false,
  );
  // a project may consist of rebar.config.script alone
  await (written ? copyFile(join(projectDir, own), target) : writeFile(target, ''));
  await writeFile(`${target}.script`, script(own));
  return CONFIG;
}
