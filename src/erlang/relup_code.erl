%% @doc The code of a beam, told apart from the folder it was compiled in (H120).
%%
%% The loader's MD5 (beam_lib:md5/1) ignores debug information and compile times, but not paths: `?LOG_*', `?FILE' and `?assert'
%% put the source's absolute path into the literals. So code has a digest in which such paths are cut down to what lies below
%% the application's folder. It is the MD5 itself where there is none.
-module(relup_code).

-export([command/1, read/2]).
-export_type([code/0]).

-type code() :: {module(), Md5 :: binary(), Digest :: binary()}.

%% Sources that compilers give absolute paths of.
-define(SOURCES, ["erl", "hrl", "yrl", "xrl", "lfe", "core", "ex"]).

%% The chunks that beam_lib:md5/1 looks at.
-define(CHUNKS, ["AtU8", "Atom", "Code", "StrT", "ImpT", "ExpT", "FunT", "LitT"]).

%% @doc `[ListFile]': MD5 and digest of the beams that the file names, a line each; null for what is no beam.
-spec command([string()]) -> {ok, map()}.
command([ListFile]) ->
    {ok, Text} = file:read_file(ListFile),
    {ok, maps:from_list([{File, code(File)} || File <- binary:split(Text, <<"\n">>, [global, trim_all])])}.

code(File) ->
    try read(unicode:characters_to_list(File), []) of
        {ok, {_, Md5, Digest}} -> #{md5 => relup_json:hex(Md5), digest => relup_json:hex(Digest)};
        {error, _} -> null
    catch
        %% beam_lib does not expect every kind of damage
        error:_ -> null
    end.

%% @doc Module, MD5 and digest of a beam. `Folders' are where it may have been compiled: they are masked in all literals.
-spec read(file:filename(), [file:filename()]) -> {ok, code()} | {error, term()}.
read(File, Folders) ->
    case file:read_file(File) of
        {ok, Beam} -> of_beam(Beam, Folders);
        {error, Reason} -> {error, Reason}
    end.

of_beam(Beam, Folders) ->
    case beam_lib:md5(Beam) of
        {ok, {Module, Md5}} ->
            {ok, {_, Chunks}} = beam_lib:chunks(Beam, ?CHUNKS, [allow_missing_chunks]),
            {ok, {Module, Md5, digest(Module, Md5, Chunks, Folders)}};
        {error, beam_lib, Reason} ->
            {error, Reason}
    end.

digest(Module, Md5, Chunks, Folders) ->
    Strings = chunk(proplists:get_value("StrT", Chunks)),
    Table = literals(proplists:get_value("LitT", Chunks)),
    case mentions([Strings, Table], Folders) of
        true ->
            Terms = [binary_to_term(Literal) || <<Size:32, Literal:Size/binary>> <= Table],
            Masked = {without_names(Strings, Folders), masked(Terms, mask(Module, Folders))},
            Others = [{Id, chunk(Id, Chunk)} || {Id, Chunk} <- Chunks, Id =/= "LitT", Id =/= "StrT"],
            masked_digest(Masked, {Strings, Terms}, Others, Md5);
        false ->
            Md5
    end.

masked_digest(Found, Found, _, Md5) -> Md5;
masked_digest(Masked, _, Others, _) ->
    %% from OTP 26 on the order of a map's keys depends on the emulator
    erlang:md5(term_to_binary({Masked, Others}, [{minor_version, 2}, deterministic])).

chunk(missing_chunk) -> <<>>;
chunk(Chunk) -> Chunk.

%% The last number of each fun is taken from the module's MD5; beam_lib:md5/1 leaves it out, too.
chunk("FunT", <<Count:32, Funs/binary>>) ->
    {Count, [Fun || <<Fun:20/binary, _:32>> <= Funs]};
chunk(_, Chunk) ->
    chunk(Chunk).

%% OTP 28 stores them uncompressed, and says so by a size of 0.
literals(missing_chunk) -> <<>>;
literals(<<0:32, _Count:32, Table/binary>>) -> Table;
literals(<<_:32, Compressed/binary>>) ->
    <<_Count:32, Table/binary>> = zlib:uncompress(Compressed),
    Table.

%% Most modules know no path, and looking into terms takes its time: so all literals are first looked at as they are stored.
mentions(Binaries, Folders) ->
    Endings = [[$. | Source] || Source <- ?SOURCES],
    Texts = Endings ++ [filename:basename(Folder) || Folder <- Folders],
    Patterns = lists:append([[unicode:characters_to_binary(Text), as_list(Text)] || Text <- Texts]),
    Compiled = binary:compile_pattern(Patterns),
    lists:any(fun(Binary) -> binary:match(Binary, Compiled) =/= nomatch end, Binaries).

%% Text with a character above 255 stands in external terms as a list of numbers.
as_list(Text) ->
    << <<97, Char>> || Char <- Text, Char < 256 >>.

%% `#app' stands for the folder of an application, `#build' for the one that everything was compiled in.
mask(Module, Folders) ->
    Name = ["(?:\\Q", atom_to_list(Module), "\\E\\.(?:", lists:join($|, ?SOURCES), ")|[^/\\n]+\\.hrl)"],
    %% alone a path may hold any character, within other text it ends at blanks, quotes and brackets
    Alone = ["^/(?:[^/\\n]+/)*", Name, "$"],
    End = " \\t\\n\"'`<>|:;,=(){}\\[\\]",
    Within = ["(?<![^", End, "])/(?:[^/", End, "]+/)*", Name],
    [AloneRe, WithinRe] = [element(2, {ok, _} = re:compile(bytes(One), [dollar_endonly])) || One <- [Alone, Within]],
    fun(Text) -> without(without_paths(without_paths(Text, AloneRe), WithinRe), Folders) end.

bytes(Text) ->
    unicode:characters_to_binary(Text).

without_paths(Text, Re) ->
    case re:run(Text, Re, [global, {capture, first, index}]) of
        {match, Places} -> iolist_to_binary(replaced(Text, 0, lists:append(Places)));
        nomatch -> Text
    end.

replaced(Text, From, []) ->
    [binary:part(Text, From, byte_size(Text) - From)];
replaced(Text, From, [{At, Length} | Places]) ->
    [binary:part(Text, From, At - From), below(binary:part(Text, At, Length)) | replaced(Text, At + Length, Places)].

%% What lies below the application's folder: from the last folder on that sources lie in, else the file alone.
below(Path) ->
    [File | Folders] = lists:reverse(binary:split(Path, <<"/">>, [global])),
    IsNoRoot = fun(Folder) -> not lists:member(Folder, [<<"src">>, <<"include">>, <<"test">>]) end,
    Inner =
        case lists:splitwith(IsNoRoot, Folders) of
            {Below, [Root | _]} -> [Root | lists:reverse(Below)];
            {_, []} -> []
        end,
    ["#app/", [[Folder, $/] || Folder <- Inner], File].

%% Of a path at the head of a binary that is built the first bytes stand in the code, and the rest here.
without_names(Strings, Folders) -> without(Strings, [filename:basename(Folder) || Folder <- Folders]).

without(Text, []) -> Text;
without(Text, Names) -> binary:replace(Text, [bytes(Name) || Name <- Names], <<"#build">>, [global]).

masked(Text, Mask) when is_binary(Text) ->
    Mask(Text);
masked([_ | _] = List, Mask) ->
    case io_lib:char_list(List) of
        true -> masked_text(List, Mask);
        false -> masked_items(List, Mask)
    end;
masked(Tuple, Mask) when is_tuple(Tuple) ->
    list_to_tuple(masked_items(tuple_to_list(Tuple), Mask));
masked(Map, Mask) when is_map(Map) ->
    maps:from_list(masked_items(maps:to_list(Map), Mask));
masked(Term, _) ->
    Term.

masked_text(List, Mask) ->
    Text = bytes(List),
    case Mask(Text) of
        Text -> List;
        Masked -> {text, Masked}
    end.

masked_items([Head | Tail], Mask) -> [masked(Head, Mask) | masked_items(Tail, Mask)];
masked_items([], _) -> [];
masked_items(Tail, Mask) -> masked(Tail, Mask).
