%% @doc Tells what OTP this is: `toolchain'.
-module(relup_toolchain).

-export([command/1]).

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
