%% @doc Tells what OTP this is: `toolchain'; and rebar3: `rebar3-version'.
-module(relup_toolchain).

-export([command/1, rebar3_version/1]).

-spec command([]) -> {ok, map()}.
command([]) ->
    Release = erlang:system_info(otp_release),
    {ok, #{
        otpRelease => relup_json:text(Release),
        otpVersion => otp_version(Release),
        erts => relup_json:text(erlang:system_info(version)),
        architecture => relup_json:text(erlang:system_info(system_architecture))
    }}.

%% The exact version, patch level included, stands only in this file (H12); installations without it have the release.
otp_version(Release) ->
    File = filename:join([code:root_dir(), "releases", Release, "OTP_VERSION"]),
    case file:read_file(File) of
        {ok, Version} -> string:trim(Version);
        {error, _} -> relup_json:text(Release)
    end.

%% @doc `[File]': the version of the rebar3 in that file, as its own application resource file has it, so that `rebar3 version' prints
%% the same; null when the file is not an escript with rebar3 in its archive.
-spec rebar3_version([string()]) -> {ok, unicode:chardata() | null}.
rebar3_version([File]) ->
    Name = "rebar/ebin/rebar.app",
    try
        {ok, Sections} = escript:extract(File, []),
        {ok, [{Name, App}]} = zip:unzip(
            proplists:get_value(archive, Sections), [memory, {file_list, [Name]}]
        ),
        {ok, Tokens, _} = erl_scan:string(unicode:characters_to_list(App)),
        {ok, {application, rebar, Properties}} = erl_parse:parse_term(Tokens),
        {ok, relup_json:text(proplists:get_value(vsn, Properties))}
    catch
        error:_ -> {ok, null}
    end.
