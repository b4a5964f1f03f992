%% @doc What erl_tar does not tell of the headers that it reads: how many there are while it reads them, and where links lead.
%%
%% erl_tar reads each header as one block, and an extension header's content (long names, pax) as one piece after it; all else
%% it skips. So whoever reads for it sees every header, and can stop before it works on what it does not end with.
-module(relup_tar_headers).

-export([new/0, seen/2, members/1]).

-export_type([state/0]).

%% A header block of the tar format.
-define(BLOCK, 512).

%% `content' is the extension whose content comes next; `name' and `target' are what extensions say of the next member. A map,
%% because the interpreter of a deploy knows no records.
-type state() :: #{
    members := non_neg_integer(),
    content := none | long_name | long_target | pax | other,
    name := none | binary(),
    target := none | binary()
}.

-spec new() -> state().
new() -> #{members => 0, content => none, name => none, target => none}.

%% @doc Headers of members so far; the two blocks that end an archive count, too.
-spec members(state()) -> non_neg_integer().
members(#{members := Members}) -> Members.

%% @doc What was read; `{own_folder, Link}' for the header of a symbolic link to the very folder that it lies in.
-spec seen(binary(), state()) -> state() | {own_folder, binary()}.
seen(Block, #{content := none} = State) when byte_size(Block) =:= ?BLOCK ->
    header(Block, State);
seen(_NoHeader, #{content := none} = State) ->
    State;
seen(Content, #{content := long_name} = State) ->
    State#{content := none, name := text(Content)};
seen(Content, #{content := long_target} = State) ->
    State#{content := none, target := text(Content)};
seen(Content, #{content := pax} = State) ->
    pax(Content, State#{content := none});
seen(_Content, State) ->
    State#{content := none}.

header(<<Name:100/binary, _:24/binary, Size:12/binary, _:20/binary, Type, Target:100/binary, _/binary>>, State) ->
    case extension(Type) of
        none when Type =:= $2 ->
            case is_own_folder(override(maps:get(target, State), text(Target))) of
                true -> {own_folder, override(maps:get(name, State), text(Name))};
                false -> member(State)
            end;
        none ->
            member(State);
        Extension ->
            %% of an empty one nothing is read
            State#{content := case is_zero(Size) of true -> none; false -> Extension end}
    end.

member(#{members := Members}) -> (new())#{members := Members + 1}.

extension($K) -> long_target;
extension($x) -> pax;
extension($L) -> long_name;
extension($g) -> other;
extension(_) -> none.

is_zero(Size) -> lists:all(fun(Byte) -> lists:member(Byte, [0, $\s, $0, 16#80]) end, binary_to_list(Size)).

override(none, Target) -> Target;
override(Target, _) -> Target.

text(Field) -> hd(binary:split(Field, <<0>>)).

%% Nothing but the folder itself, however it is written. What leads there by `..' or out of the archive erl_tar judges.
is_own_folder(<<"/", _/binary>>) -> false;
is_own_folder(Target) -> lists:all(fun(Part) -> Part =:= <<>> orelse Part =:= <<".">> end, binary:split(Target, <<"/">>, [global])).

%% Records `<length> <key>=<value>\n'; the last one counts.
pax(Content, State) ->
    case re:run(Content, "^[0-9]{1,7}(?= )", [{capture, first, binary}]) of
        {match, [Digits]} ->
            Length = binary_to_integer(Digits),
            case Content of
                <<Record:Length/binary, Rest/binary>> when Record =/= <<>> ->
                    pax(Rest, record(binary:split(Record, <<" ">>), State));
                _ ->
                    State
            end;
        nomatch ->
            State
    end.

record([_, <<"path=", Value/binary>>], State) -> State#{name := line(Value)};
record([_, <<"linkpath=", Value/binary>>], State) -> State#{target := line(Value)};
record(_, State) -> State.

line(Value) -> hd(binary:split(Value, <<"\n">>)).
