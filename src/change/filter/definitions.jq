# What filters can call instead of some definitions of jaq, and beside them. Each that replaces one
# of jaq stands in its place, so it uses nothing that jaq defines behind it: there, null is what is
# less than false.

# Deletes all at once, as jq does, so that an early deletion does not move what a later one means.
def delpaths($paths): delete_paths($paths);
def del(f): delpaths([path(f)]);

# As in jq: null is nothing, and what is neither string, number nor boolean is refused.
def join($separator):
  map(if . < false then "" elif . >= [] then error("join takes no arrays or objects")
      else tostring end)
  | reduce .[1:][] as $part (.[0] // ""; . + $separator + $part);

# As in jq: takes the names that other tools give to keys and values, and keys that are no strings.
def from_entries: reduce .[] as $entry ({}; . + {
  ($entry | [.key, .k, .name, .Name, .K, .Key] | map(select(. >= false)) | .[0] | tostring):
  ($entry | if has("value") then .value elif has("v") then .v else .Value end)
});

# As in jq: flattening nothing gives [].
def flatten($depth):
  if $depth > 0 then map(if isarray then flatten($depth - 1) else [.] end) | add + [] end;

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
