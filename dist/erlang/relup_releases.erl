%% @doc What release_handler knows of the releases in a root (`releases/RELEASES'), when it is not release_handler that changes it:
%% a node that is restarted into another release finds it as after make_permanent.
-module(relup_releases).

-export([command/1]).

%% @doc [Installed, Package, Version, To]: writes to the file To what Installed says, with Version as permanent and everything else
%% that could boot as old. What is to be known of Version comes from Package, a file of the same kind, else from Installed. Files that are missing
%% or damaged say nothing.
-spec command([string()]) -> {ok, #{releases := [binary()]}} | {error, atom(), iodata(), term()}.
command([Installed, Package, Version, To]) ->
    Known = read(Installed),
    case find(Version, read(Package) ++ Known) of
        {ok, Release} ->
            Others = [old(Other) || Other <- Known, element(3, Other) =/= Version],
            Releases = [setelement(6, Release, permanent) | Others],
            Text = io_lib:format("%% coding: utf-8~n~tp.~n", [Releases]),
            ok = file:write_file(To, unicode:characters_to_binary(Text)),
            {ok, #{releases => [relup_json:text(element(3, One)) || One <- Releases]}};
        error ->
            {error, no_record, io_lib:format("releases/RELEASES says nothing of release ~ts", [Version]), Version}
    end.

read(File) ->
    case file:consult(File) of
        {ok, [Releases]} when is_list(Releases) -> [Release || {release, _, _, _, _, _} = Release <- Releases];
        _ -> []
    end.

find(Version, Releases) ->
    case lists:keyfind(Version, 3, Releases) of
        false -> error;
        Release -> {ok, Release}
    end.

%% What was only unpacked was never run.
old({release, _, _, _, _, unpacked} = Release) -> Release;
old(Release) -> setelement(6, Release, old).
