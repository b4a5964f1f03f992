%% @doc Release packages (`.tar.gz') seen through OTP's own erl_tar, as release_handler will see them.
%%
%% erl_tar is not told the file name but given a descriptor of ours (erl_tar:init/3): it reads the whole table before it
%% answers, and only from below can a size bomb be stopped early and the gzip checksum be read to its end.
-module(relup_tarball).

-export([command/1, check/1, unpack/1]).

-define(MAX_ENTRIES, 200_000).
-define(MAX_BYTES, 20_000_000_000).
%% The largest extension header (pax) that is read into memory.
-define(MAX_HEADER, 1_048_576).

%% @doc [TarGz]: the members as [#{name, type, size, mode}], in the archive's order. `type' is "file", "directory",
%% "symlink", "hardlink", or erl_tar's name of anything else; `mode' holds the permission bits. erl_tar does not tell
%% where a link points to; unpack/1 finds out.
-spec command([string()]) -> {ok, [map()]} | {error, atom(), iodata(), term()}.
command([TarGz]) ->
    answer(fun() -> [json(Member) || Member <- members(TarGz, ?MAX_ENTRIES, ?MAX_BYTES)] end).

%% @doc [TarGz, Folder]: the members as command/1 gives them, after the same checks as unpack/1; nothing is unpacked but the
%% links, into a folder that is removed again, inside of Folder.
-spec check([string()]) -> {ok, [map()]} | {error, atom(), iodata(), term()}.
check([TarGz, Folder]) ->
    answer(fun() -> [json(Member) || Member <- checked(TarGz, Folder, ?MAX_ENTRIES, ?MAX_BYTES)] end).

%% @doc [TarGz, Folder] or [TarGz, Folder, MaxEntries, MaxBytes]: checks every member, then extracts all of them, modes
%% kept. Nothing is written to Folder when a member is refused or the archive is damaged.
-spec unpack([string()]) -> {ok, #{entries := non_neg_integer()}} | {error, atom(), iodata(), term()}.
unpack([TarGz, Folder]) ->
    answer(fun() -> unpack(TarGz, Folder, ?MAX_ENTRIES, ?MAX_BYTES) end);
unpack([TarGz, Folder, MaxEntries, MaxBytes]) ->
    answer(fun() -> unpack(TarGz, Folder, list_to_integer(MaxEntries), list_to_integer(MaxBytes)) end).

unpack(TarGz, Folder, MaxEntries, MaxBytes) ->
    Members = checked(TarGz, Folder, MaxEntries, MaxBytes),
    extract(TarGz, Folder),
    #{entries => length(Members)}.

checked(TarGz, Folder, MaxEntries, MaxBytes) ->
    Members = members(TarGz, MaxEntries, MaxBytes),
    lists:foreach(fun(Member) -> check_member(TarGz, Member) end, Members),
    check_links(TarGz, Folder, [Name || {Name, symlink, _Size, _Mode} <- Members]),
    Members.

answer(Fun) ->
    try
        {ok, Fun()}
    catch
        throw:{refused, Reason, Text, Term} -> {error, Reason, Text, Term}
    end.

-spec refuse(atom(), string(), [term()], term()) -> no_return().
refuse(Reason, Format, Args, Term) ->
    throw({refused, Reason, io_lib:format(Format, Args), Term}).

-spec damaged(string(), term()) -> no_return().
damaged(TarGz, Term) ->
    refuse(bad_archive, "The archive ~ts is damaged or incomplete.", [TarGz], Term).

json({Name, Type, Size, Mode}) ->
    #{name => relup_json:text(Name), type => type(Type), size => Size, mode => Mode band 8#7777}.

type(regular) -> file;
type(link) -> hardlink;
type(Type) -> Type.

%% Reading

members(TarGz, MaxEntries, MaxBytes) ->
    case file:open(TarGz, [read, raw, binary, compressed_one, read_ahead]) of
        {ok, File} ->
            try
                Members = table(TarGz, File, MaxEntries, MaxBytes),
                check_end(TarGz, File, MaxBytes),
                Members
            after
                _ = file:close(File)
            end;
        {error, Reason} ->
            refuse(Reason, "The archive ~ts cannot be read: ~ts.", [TarGz, file:format_error(Reason)], Reason)
    end.

table(TarGz, File, MaxEntries, MaxBytes) ->
    Reads = counters:new(1, []),
    Fun = fun(Operation, Argument) -> operation(Operation, Argument, Reads, MaxEntries, MaxBytes) end,
    _ = put(relup_tar_headers, relup_tar_headers:new()),
    try
        {ok, Reader} = erl_tar:init(File, read, Fun),
        %% erl_tar says of table/2 only that it takes a file; a term of any type is what comes out of the dictionary
        _ = put(relup_tar_reader, Reader),
        erl_tar:table(erase(relup_tar_reader), [verbose])
    of
        {ok, Table} when length(Table) =< MaxEntries ->
            [{Name, Type, Size, Mode} || {Name, Type, Size, _Time, Mode, _Uid, _Gid} <- Table];
        {ok, _Table} ->
            too_many(TarGz, MaxEntries);
        {error, Reason} ->
            damaged(TarGz, Reason)
    catch
        exit:too_large ->
            too_large(TarGz, MaxBytes);
        exit:too_many ->
            too_many(TarGz, MaxEntries);
        exit:{own_folder, Link} ->
            own_folder(TarGz, Link);
        _:Reason ->
            %% what is no archive at all can make erl_tar crash
            damaged(TarGz, Reason)
    after
        erase(relup_tar_headers)
    end.

-spec too_large(string(), pos_integer()) -> no_return().
too_large(TarGz, MaxBytes) ->
    refuse(too_large, "The archive ~ts holds more than ~b bytes, which no release should.",
        [TarGz, MaxBytes], {max_bytes, MaxBytes}).

-spec too_many(string(), pos_integer()) -> no_return().
too_many(TarGz, MaxEntries) ->
    refuse(too_large, "The archive ~ts holds more than ~b members, which no release should.",
        [TarGz, MaxEntries], {max_entries, MaxEntries}).

%% OTP's before 29 never end with such a link.
-spec own_folder(string(), binary()) -> no_return().
own_folder(TarGz, Link) ->
    refuse(unsafe_member, "The archive ~ts holds the symbolic link ~ts to the folder that it lies in: unpacking it never ends "
        "before OTP 29.", [TarGz, relup_json:text(Link)], {own_folder, Link}).

%% exit/1, because erl_tar catches what is thrown. It calls this in the process that called it.
operation(position, {File, Position}, _Reads, _MaxEntries, MaxBytes) ->
    is_integer(Position) andalso Position > MaxBytes andalso exit(too_large),
    file:position(File, Position);
operation(read2, {File, Size}, Reads, MaxEntries, _MaxBytes) ->
    Size > ?MAX_HEADER andalso exit(too_large),
    %% a member may have three extension headers, each with content, before its own, and two blocks end the archive
    counters:add(Reads, 1, 1),
    counters:get(Reads, 1) > 7 * MaxEntries + 2 andalso exit(too_many),
    headers(file:read(File, Size), MaxEntries);
operation(close, File, _Reads, _MaxEntries, _MaxBytes) ->
    file:close(File).

headers({ok, Data} = Read, MaxEntries) ->
    case relup_tar_headers:seen(Data, get(relup_tar_headers)) of
        {own_folder, Link} ->
            exit({own_folder, Link});
        Headers ->
            relup_tar_headers:members(Headers) > MaxEntries + 2 andalso exit(too_many),
            _ = put(relup_tar_headers, Headers),
            Read
    end;
headers(Read, _MaxEntries) ->
    Read.

%% erl_tar stops at the end-of-archive blocks. Reading on to the end of the compressed data makes zlib compare the
%% checksum, and the length that gzip writes last tells a cut-off end.
check_end(TarGz, File, MaxBytes) ->
    Length = drain(TarGz, File, MaxBytes),
    case gzip_length(TarGz) of
        not_compressed -> ok;
        Expected when Expected =:= Length rem 16#100000000 -> ok;
        Expected -> damaged(TarGz, {length, Length, expected, Expected})
    end.

drain(TarGz, File, MaxBytes) ->
    {ok, Position} = file:position(File, {cur, 0}),
    Position =< MaxBytes orelse too_large(TarGz, MaxBytes),
    case file:read(File, 65536) of
        {ok, _Data} -> drain(TarGz, File, MaxBytes);
        eof -> Position;
        {error, Reason} -> damaged(TarGz, Reason)
    end.

gzip_length(TarGz) ->
    {ok, File} = file:open(TarGz, [read, raw, binary]),
    try
        case file:read(File, 2) of
            {ok, <<16#1F, 16#8B>>} ->
                {ok, Size} = file:position(File, eof),
                {ok, <<Length:32/little>>} = file:pread(File, Size - 4, 4),
                Length;
            _ ->
                not_compressed
        end
    after
        _ = file:close(File)
    end.

%% Checking

check_member(TarGz, {Name, Type, _Size, _Mode} = Member) ->
    case filename:pathtype(Name) =/= relative orelse lists:member("..", filename:split(Name)) of
        true ->
            refuse(unsafe_member, "The archive ~ts holds ~ts, whose path leads out of the folder it is unpacked into.",
                [TarGz, Name], Member);
        false ->
            check_type(TarGz, Name, Type, Member)
    end.

check_type(_TarGz, _Name, Type, _Member) when Type =:= regular; Type =:= directory; Type =:= symlink ->
    ok;
check_type(TarGz, Name, link, Member) ->
    %% wherever it points to: erl_tar, and so release_handler, leaves hard links out without a word
    refuse(unsafe_member, "The archive ~ts holds the hard link ~ts, which Erlang does not unpack.",
        [TarGz, Name], Member);
check_type(TarGz, Name, Type, Member) ->
    refuse(unsafe_member, "The archive ~ts holds ~ts, which is not a file, folder or symbolic link but ~ts.",
        [TarGz, Name, Type], Member).

%% Where links point to is known only once they are extracted, so they are extracted first, alone, into a folder of
%% their own. erl_tar refuses targets outside of it; what leads out by way of other links is seen when all are there.
check_links(_TarGz, _Folder, []) ->
    ok;
check_links(TarGz, Folder, Links) ->
    Scratch = filename:join(filename:absname(Folder), ".links-" ++ os:getpid()),
    ok = filelib:ensure_dir(filename:join(Scratch, "x")),
    try
        Result = erl_tar:extract(TarGz, [compressed, {files, Links}, {cwd, Scratch}]),
        case [Link || Link <- Links, not safe_link(Link, Scratch)] of
            [Link | _] ->
                unsafe_link(TarGz, Link, Result, file:read_link_all(filename:join(Scratch, Link)));
            [] when Result =:= ok ->
                ok;
            [] ->
                damaged(TarGz, Result)
        end
    after
        _ = file:del_dir_r(Scratch)
    end.

safe_link(Link, Scratch) ->
    case file:read_link_info(filename:join(Scratch, Link)) of
        {ok, _} -> filelib:safe_relative_path(Link, Scratch) =/= unsafe;
        {error, _} -> false
    end.

%% The first link that is missing is the one at which erl_tar stopped, naming only its target.
-spec unsafe_link(string(), string(), term(), term()) -> no_return().
unsafe_link(TarGz, Link, {error, {Target, unsafe_symlink}} = Result, {error, _}) ->
    unsafe_link(TarGz, Link, Result, {ok, Target});
unsafe_link(TarGz, Link, Result, {ok, Target}) ->
    refuse(unsafe_member, "The archive ~ts holds the symbolic link ~ts to ~ts, which this OTP does not unpack: links must "
        "stay inside the release, and before OTP 29 be written without \"..\".", [TarGz, Link, Target], Result);
unsafe_link(TarGz, _Link, Result, _) ->
    damaged(TarGz, Result).

%% Writing

extract(TarGz, Folder) ->
    %% `compressed' and the file's name, as release_handler calls it
    case erl_tar:extract(TarGz, [compressed, {cwd, filename:absname(Folder)}]) of
        ok ->
            ok;
        {error, Reason} ->
            refuse(cannot_unpack, "The archive ~ts cannot be unpacked into ~ts: ~ts.",
                [TarGz, Folder, erl_tar:format_error(Reason)], Reason)
    end.
