# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_jsonlock_global_optspecs
    string join \n h/help V/version
end

function __fish_jsonlock_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_jsonlock_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_jsonlock_using_subcommand
    set -l cmd (__fish_jsonlock_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c jsonlock -n "__fish_jsonlock_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -s V -l version -d 'Print version'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "get" -d 'Print values of a document'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "set" -d 'Set values, all or none, creating what is missing on the way'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "del" -d 'Delete values'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "delete" -d 'Delete values'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "unset" -d 'Delete values'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "rm" -d 'Delete values'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "merge" -d 'Apply a JSON Merge Patch (RFC 7396)'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "patch" -d 'Apply a JSON Patch (RFC 6902)'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "apply" -d 'Apply a jq filter to the document'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "filter" -d 'Let a program change the document'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "lock" -d 'Run a program while holding the lock'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "batch" -d 'Make many edits, one for each line of standard input'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "wait" -d 'Wait until a jq filter is true of the document'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "status" -d 'Tell who holds the lock of the document, and whether it can be edited'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "completions" -d 'Print a script that completes jsonlock\'s arguments in a shell'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "man" -d 'Print a manual page'
complete -c jsonlock -n "__fish_jsonlock_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l default -d 'Print TEXT for a PATH that does not exist, and for all when FILE does not exist' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l jq -d 'Print the results of a jq filter instead of values at paths' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l json -d 'Print strings as JSON too, with their quotes'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -s c -l compact -d 'Print each value on one line'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -s 0 -l null -d 'End each value with a NUL byte instead of a newline'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l etag -d 'Print the document\'s etag, a string that names its content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l env -d 'Set a string from the environment variable VAR, which keeps it off the command line' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l must-exist -d 'Fail when a PATH does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand del" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l must-exist -d 'Fail when a PATH does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l must-exist -d 'Fail when a PATH does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand unset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l must-exist -d 'Fail when a PATH does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l arrays -d 'What an array in the patch does to the array that it meets' -r -f -a "replace\t'Takes its place, as RFC 7396 has it'
append\t'Is appended to it, each time that the patch is applied'
union\t'Is appended to it without what it has already; 1 and 1.0 are the same'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l keep-null -d 'Set null where the patch has null, instead of deleting'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand patch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -s f -l from-file -d 'Read the filter from a file' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l arg -d 'Bind $NAME to a string' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l argjson -d 'Bind $NAME to a JSON value' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l slurpfile -d 'Bind $NAME to an array of the JSON values in FILE' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l rawfile -d 'Bind $NAME to the content of FILE, as a string' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -s L -l library-path -d 'Search DIR for modules' -r -f -a "(__fish_complete_directories)"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l args -d 'Take the arguments that follow as strings'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l jsonargs -d 'Take the arguments that follow as JSON values'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l optimistic -d 'Hold no lock while CMD runs, and run it again if the document was changed meanwhile'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand filter" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l if -d 'Make the edit only if this jq filter is true of the document; a missing one is null' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l if-match -d 'Make the edit only if the document has this etag, as --etag or --report has printed it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l check -d 'Make the edit only if this jq filter is true of the result; $old is the document before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l schema -d 'Make the edit only if the result is valid under the JSON Schema in FILE' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l print -d 'Print the new document, or what a jq filter makes of it; $old is the one before' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l backup -d 'Keep what the edit replaces as FILE.bak, or with another SUFFIX' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l durability -d 'How durable the edit is when jsonlock exits' -r -f -a "full\t'File and directory are synced: the edit survives a power cut'
data\t'The file is synced: after a power cut the document is old or new'
none\t'Nothing is synced: a power cut may destroy the document'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l mode -d 'The permissions of a document that is created, in octal' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l network-fs -d 'What to do where other machines may write FILE too, and locks may not keep them out' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l lock-file -d 'Lock this file instead of FILE.lock; all who edit the document must agree on it' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l atomic -d 'Make the edits of all lines, or none of them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l if-absent -d 'Make the edit only if what it is about does not exist yet'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l dry-run -d 'Change nothing, and print the document as it would be'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l diff -d 'Print what changed as a unified diff; nothing if nothing changed'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l etag -d 'Print the etag of the new document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l report -d 'Print one JSON object that tells how the edit went'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l no-create -d 'Fail when the document does not exist'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l parents -d 'Create missing directories above the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l force -d 'Edit the document though you may not write it'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l break-hard-links -d 'Edit a document that has several hard links; the other names keep the old content'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -s q -l quiet -d 'Print no warnings, and do not say whom the edit waits for'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -s v -l verbose -d 'Say on standard error what is done, in how many attempts, and how long it took'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand batch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l arg -d 'Bind $NAME to a string' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l argjson -d 'Bind $NAME to a JSON value' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l timeout -d 'How long to wait: seconds, 500ms, 2m, 0 for a single look, inf' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l print -d 'Print the document of which the filter is true, or what another jq filter makes of it' -r
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l etag -d 'Print the etag of the document of which the filter is true, for --if-match'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -s q -l quiet -d 'Do not say so when the time is up'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -s v -l verbose -d 'Say on standard error how long that took, and where the system cannot tell of changes'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l follow -d 'Which symbolic links to follow' -r -f -a "safe\t'All but those that could lead root astray'
always\t'All'
never\t'None'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l network-fs -d 'As if the edit had this option: whether it is a problem that other machines may write FILE too' -r -f -a "refuse\t'Refuse the edit'
allow\t'Trust the file system\'s locks'"
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l lock-file -d 'The lock file that edits use instead of FILE.lock. With a URL it is an error' -r -F
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l json -d 'Print one JSON object'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l probe -d 'Try whether the service of a remote document keeps its promises'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l no-create -d 'As if the edit had this option: a document that does not exist is a problem'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l force -d 'As if the edit had this option: that you may not write the document is no problem'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l break-hard-links -d 'As if the edit had this option: that the document has several hard links is no problem'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -l jsonc -d 'Accept comments and trailing commas in FILE, and keep them'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand completions" -s h -l help -d 'Print help'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand man" -s h -l help -d 'Print help'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "get" -d 'Print values of a document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "set" -d 'Set values, all or none, creating what is missing on the way'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "del" -d 'Delete values'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "merge" -d 'Apply a JSON Merge Patch (RFC 7396)'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "patch" -d 'Apply a JSON Patch (RFC 6902)'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "apply" -d 'Apply a jq filter to the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "filter" -d 'Let a program change the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "lock" -d 'Run a program while holding the lock'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "batch" -d 'Make many edits, one for each line of standard input'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "wait" -d 'Wait until a jq filter is true of the document'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "status" -d 'Tell who holds the lock of the document, and whether it can be edited'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "completions" -d 'Print a script that completes jsonlock\'s arguments in a shell'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "man" -d 'Print a manual page'
complete -c jsonlock -n "__fish_jsonlock_using_subcommand help; and not __fish_seen_subcommand_from get set del merge patch apply filter lock batch wait status completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
