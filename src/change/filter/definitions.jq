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

def to_entries: entries;
def combinations:
  if length == 0 then []
  else .[0][] as $first | (.[1:] | combinations) as $others | [$first] + $others end;
def combinations($count): . as $all | [range($count) | $all] | combinations;

# As in jq: what has another name is no key, and keys are strings.
def from_entries: reduce .[] as $entry ({}; . + {
  ($entry | .key // .Key // .name // .Name):
  ($entry | if has("value") then .value else .Value end)
});

# As in jq: what is not a number, or is negative, is no count, and the former only matters once there is
# something to count. Of a fraction, what is begun counts.
def limit($count; values):
  if $count <= true then error("limit takes a number")
  elif $count >= "" then values | error("limit takes a number")
  elif $count < 0 then error("limit takes no negative number")
  elif $count > 1e15 then values
  else limit_($count | ceil; values) end;
def skip($count; values):
  if $count <= true then error("skip takes a number")
  elif $count >= "" then values | error("skip takes a number")
  elif $count < 0 then error("skip takes no negative number")
  elif $count > 1e15 then values | empty
  else skip_($count | floor; values) end;
def nth($number; values):
  if $number <= true then error("nth takes a number")
  elif $number >= "" then values | error("nth takes a number")
  elif $number < 0 then error("nth takes no negative numbers")
  else first(skip_($number | floor; values)) end;
def join($separator): joined($separator);
def flatten: flattened(1e9);
def flatten($depth): flattened($depth);

# As in jq: the parts of an array become parts of an array.
def pick(paths): . as $all | reduce path(paths) as $path (null; setpath($path; $all | getpath($path)));

# As in jq: an expression and its flags can be given as an array, and flags can be null.
def    test($re; $flags): is_match($re; $flags);
def   match($re; $flags): matches($re; $flags)[];
def capture($re; $flags): captured($re; $flags)[];
def    scan($re; $flags): scanned($re; "g" + $flags)[];
def  splits($re;  flags): split_($re; flags + "g")[];
def   split($re;  flags): split_($re; flags + "g");
def     sub($re; f; $flags): substitute($re; f; $flags);
def    gsub($re; f;  flags): substitute($re; f; flags + "g");
def    test($re): if $re | isarray then is_match($re[0]; $re[1]) else is_match($re; null) end;
def   match($re): if $re | isarray then matches($re[0]; $re[1])[] else matches($re; null)[] end;
def capture($re): if $re | isarray then captured($re[0]; $re[1])[] else captured($re; null)[] end;
def    scan($re): scanned($re; "g")[];
def  splits($re): split_($re; "g")[];
def     sub($re; f): substitute($re; f; null);
def    gsub($re; f): substitute($re; f; "g");

# As in jq: from the leaves to the root, with all results of what is in an array.
def walk(f):
  def rec:
    if . >= {} then map_values(rec) elif . >= [] then map(rec) else . end | f;
  rec;

# Division by zero is an error, so they are made otherwise.
def nan: 1e1000 * 1 | . - .;
def infinite: 1e1000 * 1;

def transpose: [range([.[] | length] | max // 0) as $number | [.[][$number]]];
def todate: todateiso8601;
def gamma: lgamma;
def significand: significand_;
def isnormal: is_normal;
def scalb($number; $exponent): scaled($number; $exponent);
# What sign jq gives for a pole depends on what it has calculated before.
def lgamma_r:
  if . <= 0 and . == floor then error("lgamma_r has no sign at 0, -1 and so on")
  else [lgamma, if . < 0 and floor % 2 != 0 then -1 else 1 end] end;
def tonumber: to_number;
def type: type_of;

def @html: format_html;
def @urid: format_urid;
def @base64d: format_base64d;
def @sh: format_sh;
def add(values): sum(values);

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
def INDEX(stream; key):
  reduce stream as $item ({}; reduce ($item | key | tostring) as $key (.; . + {$key: $item}));
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
def fromstream(events): from_stream(events);
def truncate_stream(events):
  . as $depth | null | events | select(.[0] | length > $depth) | .[0] |= .[$depth:];
def have_literal_numbers: true;
def have_decnum: true;
def @csv: format_csv;
def @tsv: format_tsv;
def format($name):
  if $name == "text" then @text elif $name == "json" then @json elif $name == "html" then @html
  elif $name == "uri" then @uri elif $name == "csv" then @csv elif $name == "tsv" then @tsv
  elif $name == "sh" then @sh elif $name == "base64" then @base64
  elif $name == "base64d" then @base64d else error("there is no format of this name") end;
