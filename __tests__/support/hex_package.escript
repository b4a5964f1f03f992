#!/usr/bin/env escript
%% Publishes a package in a folder that serves as a Hex repository, with what rebar3 brings of hex_core: the package as Hex
%% keeps it, and the signed entry of the registry. Arguments: rebar3, folder, name, version.
main([Rebar3, Dir, Name, Version]) ->
    load(Rebar3),
    {Tarball, Release} = package(list_to_binary(Name), list_to_binary(Version)),
    write([Dir, "tarballs", Name ++ "-" ++ Version ++ ".tar"], Tarball),
    Package = #{name => list_to_binary(Name), repository => <<"local">>, releases => [Release]},
    write([Dir, "packages", Name], registry_entry(Package, key(Dir))).

load(Rebar3) ->
    {ok, Sections} = escript:extract(Rebar3, []),
    {archive, Archive} = lists:keyfind(archive, 1, Sections),
    {ok, Files} = zip:extract(Archive, [memory]),
    [
        {module, _} = code:load_binary(list_to_atom(filename:basename(File, ".beam")), File, Beam)
     || {File, Beam} <- Files, string:prefix(filename:basename(File), "r3_hex") =/= nomatch, filename:extension(File) =:= ".beam"
    ].

package(Name, Version) ->
    Files = [
        {"src/" ++ binary_to_list(Name) ++ ".app.src",
            iolist_to_binary([
                "{application, ", Name, ", [{description, \"test\"}, {vsn, \"", Version, "\"},",
                " {registered, []}, {applications, [kernel, stdlib]}]}.\n"
            ])},
        {"src/" ++ binary_to_list(Name) ++ ".erl",
            iolist_to_binary([
                "-module(", Name, ").\n-export([init/1, value/0]).\ninit(State) -> {ok, State}.\n",
                "value() -> \"", Version, "\".\n"
            ])},
        {"rebar.config", <<"{erl_opts, [debug_info]}.\n">>}
    ],
    Metadata = #{
        <<"name">> => Name, <<"version">> => Version, <<"app">> => Name, <<"description">> => <<"test">>,
        <<"build_tools">> => [<<"rebar3">>], <<"licenses">> => [], <<"links">> => #{}, <<"requirements">> => #{},
        <<"files">> => [list_to_binary(File) || {File, _} <- Files]
    },
    {ok, #{tarball := Tarball, inner_checksum := Inner, outer_checksum := Outer}} = r3_hex_tarball:create(Metadata, Files),
    {Tarball, #{version => Version, inner_checksum => Inner, outer_checksum => Outer, dependencies => []}}.

%% Named differently in versions of hex_core.
registry_entry(Package, Key) ->
    case erlang:function_exported(r3_hex_registry, build_package, 2) of
        true -> r3_hex_registry:build_package(Package, Key);
        false -> zlib:gzip(r3_hex_registry:sign_protobuf(r3_hex_registry:encode_package(Package), Key))
    end.

key(Dir) ->
    case file:read_file(filename:join(Dir, "private.pem")) of
        {ok, Pem} ->
            Pem;
        {error, enoent} ->
            Private = public_key:generate_key({rsa, 2048, 65537}),
            Public = {'RSAPublicKey', element(3, Private), element(4, Private)},
            write([Dir, "public.pem"], pem('SubjectPublicKeyInfo', Public)),
            Pem = pem('RSAPrivateKey', Private),
            write([Dir, "private.pem"], Pem),
            Pem
    end.

pem(Type, Key) ->
    public_key:pem_encode([public_key:pem_entry_encode(Type, Key)]).

write(Path, Contents) ->
    File = filename:join(Path),
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, Contents).
