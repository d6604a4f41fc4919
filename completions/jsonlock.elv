
use builtin;
use str;

set edit:completion:arg-completer[jsonlock] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'jsonlock'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'jsonlock'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand get 'Print values of a document'
            cand set 'Set values, all or none, creating what is missing on the way'
            cand del 'Delete values'
            cand delete 'Delete values'
            cand unset 'Delete values'
            cand rm 'Delete values'
            cand merge 'Apply a JSON Merge Patch (RFC 7396)'
            cand patch 'Apply a JSON Patch (RFC 6902)'
            cand apply 'Apply a jq filter to the document'
            cand filter 'Let a program change the document'
            cand lock 'Run a program while holding the lock'
            cand completions 'Print a script that completes jsonlock''s arguments in a shell'
            cand man 'Print a manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'jsonlock;get'= {
            cand --default 'Print TEXT for a PATH that does not exist, and for all when FILE does not exist'
            cand --jq 'Print the results of a jq filter instead of values at paths'
            cand --follow 'Which symbolic links to follow'
            cand --json 'Print strings as JSON too, with their quotes'
            cand -c 'Print each value on one line'
            cand --compact 'Print each value on one line'
            cand -0 'End each value with a NUL byte instead of a newline'
            cand --null 'End each value with a NUL byte instead of a newline'
            cand --etag 'Print the document''s etag, a string that names its content'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;set'= {
            cand --env 'Set a string from the environment variable VAR, which keeps it off the command line'
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;del'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --must-exist 'Fail when a PATH does not exist'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;delete'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --must-exist 'Fail when a PATH does not exist'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;unset'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --must-exist 'Fail when a PATH does not exist'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;rm'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --must-exist 'Fail when a PATH does not exist'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;merge'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;patch'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;apply'= {
            cand -f 'Read the filter from a file'
            cand --from-file 'Read the filter from a file'
            cand --arg 'Bind $NAME to a string'
            cand --argjson 'Bind $NAME to a JSON value'
            cand --slurpfile 'Bind $NAME to an array of the JSON values in FILE'
            cand --rawfile 'Bind $NAME to the content of FILE, as a string'
            cand -L 'Search DIR for modules'
            cand --library-path 'Search DIR for modules'
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --args 'Take the remaining arguments as strings'
            cand --jsonargs 'Take the remaining arguments as JSON values'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;filter'= {
            cand --if 'Make the edit only if this jq filter is true of the document; a missing one is null'
            cand --if-match 'Make the edit only if the document has this etag, as --etag or --report has printed it'
            cand --check 'Make the edit only if this jq filter is true of the result; $old is the document before'
            cand --print 'Print the new document, or what a jq filter makes of it; $old is the one before'
            cand --durability 'How durable the edit is when jsonlock exits'
            cand --mode 'The permissions of a document that is created, in octal'
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand --optimistic 'Hold no lock while CMD runs, and run it again if the document was changed meanwhile'
            cand --if-absent 'Make the edit only if what it is about does not exist yet'
            cand --dry-run 'Change nothing, and print the document as it would be'
            cand --etag 'Print the etag of the new document'
            cand --report 'Print one JSON object that tells how the edit went'
            cand --no-create 'Fail when the document does not exist'
            cand --parents 'Create missing directories above the document'
            cand --force 'Edit the document though you may not write it'
            cand --break-hard-links 'Edit a document that has several hard links; the other names keep the old content'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;lock'= {
            cand --timeout 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf'
            cand --follow 'Which symbolic links to follow'
            cand --network-fs 'What to do on a network file system, where locks may not exclude other machines'
            cand --lock-file 'Lock this file instead of FILE.lock; all who edit the document must agree on it'
            cand -q 'Print no warnings, and do not say whom the edit waits for'
            cand --quiet 'Print no warnings, and do not say whom the edit waits for'
            cand -v 'Say on standard error what is done'
            cand --verbose 'Say on standard error what is done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jsonlock;completions'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'jsonlock;man'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'jsonlock;help'= {
            cand get 'Print values of a document'
            cand set 'Set values, all or none, creating what is missing on the way'
            cand del 'Delete values'
            cand merge 'Apply a JSON Merge Patch (RFC 7396)'
            cand patch 'Apply a JSON Patch (RFC 6902)'
            cand apply 'Apply a jq filter to the document'
            cand filter 'Let a program change the document'
            cand lock 'Run a program while holding the lock'
            cand completions 'Print a script that completes jsonlock''s arguments in a shell'
            cand man 'Print a manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'jsonlock;help;get'= {
        }
        &'jsonlock;help;set'= {
        }
        &'jsonlock;help;del'= {
        }
        &'jsonlock;help;merge'= {
        }
        &'jsonlock;help;patch'= {
        }
        &'jsonlock;help;apply'= {
        }
        &'jsonlock;help;filter'= {
        }
        &'jsonlock;help;lock'= {
        }
        &'jsonlock;help;completions'= {
        }
        &'jsonlock;help;man'= {
        }
        &'jsonlock;help;help'= {
        }
    ]
    $completions[$command]
}
