//! Examples for help and manual. A test runs them, in order, in a directory where they make sense.

pub(crate) const MAIN: &str = "\
Examples:
  jsonlock set tokens.json flow=abc
  jsonlock get tokens.json flow
  jsonlock apply builds.json '.next += 1' --print=.next

`jsonlock COMMAND --help` shows more, `jsonlock man COMMAND` all.";

pub(crate) const GET: &str = "\
Examples:
  jsonlock get tokens.json flow
  jsonlock get config.json 'hosts[0].name' /hosts/0/port
  jsonlock get config.json hosts[-1] --compact
  jsonlock get config.json proxy --default none
  jsonlock get config.json --jq '.hosts[].name'
  jsonlock get settings.jsonc . > settings.json";

pub(crate) const SET: &str = "\
Examples:
  jsonlock set tokens.json flow=abc
  jsonlock set config.json debug:=true 'hosts[0].port:=8080' 'hosts[]:={\"name\": \"b\"}'
  jsonlock set tokens.json key=@key.pem
  jsonlock set tokens.json --env deploy=DEPLOY_TOKEN
  printf '%s' \"$DEPLOY_TOKEN\" | jsonlock set tokens.json deploy=@-
  jsonlock set config.json 'paths[\"/index.html\"].cache:=3600' --print=.paths
  jsonlock set settings.jsonc editor.tabSize:=4
  jsonlock set deploy.json leader=me --if '.leader == null'
  etag=$(jsonlock get config.json --etag); jsonlock set config.json debug:=false --if-match $etag";

pub(crate) const DEL: &str = "\
Examples:
  jsonlock del tokens.json flow
  jsonlock del config.json 'hosts[0].port' debug --backup
  jsonlock del tokens.json deploy --must-exist";

pub(crate) const MERGE: &str = "\
Examples:
  jsonlock merge config.json '{\"debug\": false, \"proxy\": null}'
  jsonlock merge config.json defaults.json
  jsonlock merge config.json '{\"hosts\": [{\"name\": \"z\"}]}' --arrays=append
  jsonlock get defaults.json | jsonlock merge config.json -";

pub(crate) const PATCH: &str = "\
Examples:
  jsonlock patch config.json '[{\"op\": \"add\", \"path\": \"/hosts/0\", \"value\": {\"name\": \"new\"}}]'
  echo '[{\"op\": \"move\", \"from\": \"/hosts/0\", \"path\": \"/spare\"}]' > changes.json
  jsonlock patch config.json changes.json
  echo '[{\"op\": \"remove\", \"path\": \"/spare\"}]' | jsonlock patch config.json";

pub(crate) const WAIT: &str = "\
Examples:
  jsonlock set deploy.json stage=built & jsonlock wait deploy.json '.stage == \"built\"' --timeout 10m
  jsonlock wait deploy.json '.stage == $s' --arg s built --print=.stage
  jsonlock wait deploy.json .approved --timeout 0 --quiet || echo not yet
  etag=$(jsonlock wait deploy.json .stage --etag); jsonlock set deploy.json stage=out --if-match $etag";

pub(crate) const STATUS: &str = "\
Examples:
  jsonlock status tokens.json
  jsonlock status tokens.json --json | jq .holder
  for file in *.json; do jsonlock status $file > /dev/null || echo cannot edit $file; done";

pub(crate) const APPLY: &str = "\
Examples:
  jsonlock apply builds.json '.next += 1' --print=.next
  jsonlock apply config.json '.hosts |= sort_by(.name)'
  jsonlock apply config.json '.hosts += [{name: $n, port: $p}]' --arg n c --argjson p 80
  jsonlock apply config.json '.hosts |= map(select(.name != \"c\"))' --dry-run --diff
  jsonlock apply config.json '.tags = $ARGS.positional' --args red green";

pub(crate) const FILTER: &str = "\
Examples:
  jsonlock filter config.json -- sed 's/debug/trace/'
  jsonlock filter config.json --optimistic --timeout 60 -- python3 -m json.tool --sort-keys";

pub(crate) const LOCK: &str = "\
Examples:
  jsonlock lock config.json -- sh -c 'cp config.json config.bak && jsonlock del config.json debug'
  jsonlock lock config.json --timeout 0 -- cat config.json";

pub(crate) const BATCH: &str = "\
Examples:
  echo '{\"debug\": true}' | jsonlock batch config.json
  printf '%s\\n' '{\"a\": 1}' '[{\"op\": \"remove\", \"path\": \"/a\"}]' > edits.jsonl
  jsonlock batch config.json --quiet < edits.jsonl > answers.jsonl
  jsonlock batch config.json --atomic --report < edits.jsonl";
