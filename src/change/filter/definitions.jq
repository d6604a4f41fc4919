# What filters can call instead of some definitions of jaq, and beside them. Each that replaces one
# of jaq stands in its place, so it uses nothing that jaq defines behind it: there, null is what is
# less than false.

# Deletes all at once, as jq does, so that an early deletion does not move what a later one means.
def delpaths($paths): delete_paths($paths);
def getpath($path): get_path($path);
def setpath($path; $value): set_path($path; $value);
def del(f): delpaths([path(f)]);

# As in jq: bounds are numbers.
def range($from; $to):
  if $from > true and $from < "" and $to > true and $to < "" then range($from; $to; 1)
  else error("range takes numbers") end;

# As in jq: null is nothing, and what is neither string, number nor boolean is refused.
def join($separator):
  map(if . < false then "" elif . >= [] then error("join takes no arrays or objects")
      else tostring end)
  | reduce .[1:][] as $part (.[0] // ""; . + $separator + $part);

# As in jq: takes the names that other tools give to keys and values.
def from_entries: reduce .[] as $entry ({}; . + {
  ($entry | .key // .Key // .name // .Name):
  ($entry | if has("value") then .value else .Value end)
});

# As in jq: the values of an object are flattened, and flattening nothing gives [].
def flatten: [.[] | recurse(arrays[]) | select(isarray | not)];
def flatten($depth):
  if $depth < 0 then error("flatten takes no negative depth")
  elif $depth > 0 then map(if isarray then flatten($depth - 1) else [.] end) | add + [] end;

# As in jq: the parts of an array become parts of an array.
def pick(paths): . as $all | reduce path(paths) as $path (null; setpath($path; $all | getpath($path)));

# As in jq: each number gives a value, and a negative one is refused.
def nth($number; values):
  if $number < 0 then error("nth takes no negative numbers") else first(skip_of($number | floor; values)) end;

# As in jq: an expression and its flags can be given as an array, flags can be null, and so is the
# name of what has none.
def    test($re; $flags): [matches($re; $flags // "")[]] != [];
def   match($re; $flags): matches($re; $flags // "")[] | .[0] + { captures: .[1:] | map(. + { name }) };
def capture($re; $flags): matches($re; $flags // "")[] | capture_of_match;
def    scan($re; $flags): scan_($re; "g" + $flags);
def    test($re): if $re | isarray then test($re[0]; $re[1]) else test($re; "") end;
def   match($re): if $re | isarray then match($re[0]; $re[1]) else match($re; "") end;
def capture($re): if $re | isarray then capture($re[0]; $re[1]) else capture($re; "") end;
def    scan($re): if $re | isarray then scan($re[0]; $re[1]) else scan($re; "") end;

# As in jq: from the leaves to the root, with all results of what is in an array.
def walk(f):
  def rec:
    if . >= {} then map_values(rec) elif . >= [] then map(rec) else . end | f;
  rec;

# Division by zero is an error, so they are made otherwise.
def nan: 1e1000 * 1 | . - .;
def infinite: 1e1000 * 1;

# As in jq: whole seconds.
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");

# As in jq: padding can be missing, as it is in the parts of a web token.
def @base64d:
  tostring | until(endswith("=") | not; .[:-1])
  | . + ["", "===", "==", "="][length % 4] | decode_base64;

# The line that the filter prints is ended before an error message of ours begins.
def halt_error($exit_code):
  (if . >= "" and . < [] then rtrimstr("\n") else tojson end + "\n" | stderr_empty),
  halt($exit_code);

# A filter has one input, and no file name or line number of it.
def env: $ENV;
def inputs: empty;
def input: error("No more inputs");
def input_filename: null;
def input_line_number: 0;

# What jq has and jaq lacks.
def toarray: if isarray then . else [.] end;
def trimstr($x): ltrimstr($x) | rtrimstr($x);
def IN(values): . as $value | any(values; . == $value);
def IN(source; values): any(source; IN(values));
def INDEX(stream; key): reduce stream as $item ({}; . + {($item | key | tostring): $item});
def INDEX(key): INDEX(.[]; key);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; rows; key): rows | [., $index[key]];
def JOIN($index; rows; key; row): rows | [., $index[key]] | row;
def tostream:
  def events($path):
    if . >= [] and length > 0
    then keys_unsorted as $keys
      | ($keys[] as $key | .[$key] | events($path + [$key])), [$path + $keys[-1:]]
    else [$path, .] end;
  events([]);
def fromstream(events):
  foreach events as $event ({};
    if .done then {} end
    | if $event | length == 2 then .value |= setpath($event[0]; $event[1]) end
    | .done = (($event | length) + ($event[0] | length) == 2);
    if .done then .value else empty end);
def truncate_stream(events):
  . as $depth | null | events | select(.[0] | length > $depth) | .[0] |= .[$depth:];
def have_literal_numbers: true;
def have_decnum: true;
def @csv: map(
  if isstring then "\"" + (split("\"") | join("\"\"")) + "\""
  elif isnumber or isboolean then tostring
  elif . == null then ""
  else error("a row of @csv cannot hold an array or object") end) | join(",");
def @tsv: map(
  if isstring then
    split("\\") | join("\\\\") | split("\t") | join("\\t")
    | split("\n") | join("\\n") | split("\r") | join("\\r")
  elif isnumber or isboolean then tostring
  elif . == null then ""
  else error("a row of @tsv cannot hold an array or object") end) | join("\t");
def format($name):
  if $name == "text" then @text elif $name == "json" then @json elif $name == "html" then @html
  elif $name == "uri" then @uri elif $name == "csv" then @csv elif $name == "tsv" then @tsv
  elif $name == "sh" then @sh elif $name == "base64" then @base64
  elif $name == "base64d" then @base64d else error("there is no format of this name") end;

# As in jq: a negative number is refused.
def limit($number; values):
  if $number < 0 then error("limit takes no negative numbers") else limit_of($number; values) end;
def skip($number; values):
  if $number < 0 then error("skip takes no negative numbers") else skip_of($number | floor; values) end;
