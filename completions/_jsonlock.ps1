
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'jsonlock' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'jsonlock'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'jsonlock' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print values of a document')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set values, all or none, creating what is missing on the way')
            [CompletionResult]::new('del', 'del', [CompletionResultType]::ParameterValue, 'Delete values')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete values')
            [CompletionResult]::new('unset', 'unset', [CompletionResultType]::ParameterValue, 'Delete values')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete values')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Apply a JSON Merge Patch (RFC 7396)')
            [CompletionResult]::new('patch', 'patch', [CompletionResultType]::ParameterValue, 'Apply a JSON Patch (RFC 6902)')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply a jq filter to the document')
            [CompletionResult]::new('filter', 'filter', [CompletionResultType]::ParameterValue, 'Let a program change the document')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Run a program while holding the lock')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Make many edits, one for each line of standard input')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a jq filter is true of the document')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Tell who holds the lock of the document, and whether it can be edited')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a script that completes jsonlock''s arguments in a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'jsonlock;get' {
            [CompletionResult]::new('--default', '--default', [CompletionResultType]::ParameterName, 'Print TEXT for a PATH that does not exist, and for all when FILE does not exist')
            [CompletionResult]::new('--jq', '--jq', [CompletionResultType]::ParameterName, 'Print the results of a jq filter instead of values at paths')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print strings as JSON too, with their quotes')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Print each value on one line')
            [CompletionResult]::new('--compact', '--compact', [CompletionResultType]::ParameterName, 'Print each value on one line')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'End each value with a NUL byte instead of a newline')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'End each value with a NUL byte instead of a newline')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the document''s etag, a string that names its content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;set' {
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Set a string from the environment variable VAR, which keeps it off the command line')
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;del' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--must-exist', '--must-exist', [CompletionResultType]::ParameterName, 'Fail when a PATH does not exist')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;delete' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--must-exist', '--must-exist', [CompletionResultType]::ParameterName, 'Fail when a PATH does not exist')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;unset' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--must-exist', '--must-exist', [CompletionResultType]::ParameterName, 'Fail when a PATH does not exist')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;rm' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--must-exist', '--must-exist', [CompletionResultType]::ParameterName, 'Fail when a PATH does not exist')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;merge' {
            [CompletionResult]::new('--arrays', '--arrays', [CompletionResultType]::ParameterName, 'What an array in the patch does to the array that it meets')
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--keep-null', '--keep-null', [CompletionResultType]::ParameterName, 'Set null where the patch has null, instead of deleting')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;patch' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;apply' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Read the filter from a file')
            [CompletionResult]::new('--from-file', '--from-file', [CompletionResultType]::ParameterName, 'Read the filter from a file')
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Bind $NAME to a string')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Bind $NAME to a JSON value')
            [CompletionResult]::new('--slurpfile', '--slurpfile', [CompletionResultType]::ParameterName, 'Bind $NAME to an array of the JSON values in FILE')
            [CompletionResult]::new('--rawfile', '--rawfile', [CompletionResultType]::ParameterName, 'Bind $NAME to the content of FILE, as a string')
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Search DIR for modules')
            [CompletionResult]::new('--library-path', '--library-path', [CompletionResultType]::ParameterName, 'Search DIR for modules')
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--args', '--args', [CompletionResultType]::ParameterName, 'Take the arguments that follow as strings')
            [CompletionResult]::new('--jsonargs', '--jsonargs', [CompletionResultType]::ParameterName, 'Take the arguments that follow as JSON values')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;filter' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--optimistic', '--optimistic', [CompletionResultType]::ParameterName, 'Hold no lock while CMD runs, and run it again if the document was changed meanwhile')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;lock' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;batch' {
            [CompletionResult]::new('--if', '--if', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the document; a missing one is null')
            [CompletionResult]::new('--if-match', '--if-match', [CompletionResultType]::ParameterName, 'Make the edit only if the document has this etag, as --etag or --report has printed it')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Make the edit only if this jq filter is true of the result; $old is the document before')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Make the edit only if the result is valid under the JSON Schema in FILE')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the new document, or what a jq filter makes of it; $old is the one before')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep what the edit replaces as FILE.bak, or with another SUFFIX')
            [CompletionResult]::new('--durability', '--durability', [CompletionResultType]::ParameterName, 'How durable the edit is when jsonlock exits')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'The permissions of a document that is created, in octal')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single try, inf')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'What to do where other machines may write FILE too, and locks may not keep them out')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'Lock this file instead of FILE.lock; all who edit the document must agree on it')
            [CompletionResult]::new('--atomic', '--atomic', [CompletionResultType]::ParameterName, 'Make the edits of all lines, or none of them')
            [CompletionResult]::new('--if-absent', '--if-absent', [CompletionResultType]::ParameterName, 'Make the edit only if what it is about does not exist yet')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Change nothing, and print the document as it would be')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what changed as a unified diff; nothing if nothing changed')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the new document')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print one JSON object that tells how the edit went')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'Fail when the document does not exist')
            [CompletionResult]::new('--parents', '--parents', [CompletionResultType]::ParameterName, 'Create missing directories above the document')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Edit the document though you may not write it')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'Edit a document that has several hard links; the other names keep the old content')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no warnings, and do not say whom the edit waits for')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is done, in how many attempts, and how long it took')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;wait' {
            [CompletionResult]::new('--arg', '--arg', [CompletionResultType]::ParameterName, 'Bind $NAME to a string')
            [CompletionResult]::new('--argjson', '--argjson', [CompletionResultType]::ParameterName, 'Bind $NAME to a JSON value')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait: seconds, 500ms, 2m, 0 for a single look, inf')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print the document of which the filter is true, or what another jq filter makes of it')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--etag', '--etag', [CompletionResultType]::ParameterName, 'Print the etag of the document of which the filter is true, for --if-match')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Do not say so when the time is up')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Do not say so when the time is up')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error how long that took, and where the system cannot tell of changes')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error how long that took, and where the system cannot tell of changes')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;status' {
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Which symbolic links to follow')
            [CompletionResult]::new('--network-fs', '--network-fs', [CompletionResultType]::ParameterName, 'As if the edit had this option: whether it is a problem that other machines may write FILE too')
            [CompletionResult]::new('--lock-file', '--lock-file', [CompletionResultType]::ParameterName, 'The lock file that edits use instead of FILE.lock. With a URL it is an error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON object')
            [CompletionResult]::new('--probe', '--probe', [CompletionResultType]::ParameterName, 'Try whether the service of a remote document keeps its promises')
            [CompletionResult]::new('--no-create', '--no-create', [CompletionResultType]::ParameterName, 'As if the edit had this option: a document that does not exist is a problem')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'As if the edit had this option: that you may not write the document is no problem')
            [CompletionResult]::new('--break-hard-links', '--break-hard-links', [CompletionResultType]::ParameterName, 'As if the edit had this option: that the document has several hard links is no problem')
            [CompletionResult]::new('--jsonc', '--jsonc', [CompletionResultType]::ParameterName, 'Accept comments and trailing commas in FILE, and keep them')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'jsonlock;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jsonlock;man' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'jsonlock;help' {
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Print values of a document')
            [CompletionResult]::new('set', 'set', [CompletionResultType]::ParameterValue, 'Set values, all or none, creating what is missing on the way')
            [CompletionResult]::new('del', 'del', [CompletionResultType]::ParameterValue, 'Delete values')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Apply a JSON Merge Patch (RFC 7396)')
            [CompletionResult]::new('patch', 'patch', [CompletionResultType]::ParameterValue, 'Apply a JSON Patch (RFC 6902)')
            [CompletionResult]::new('apply', 'apply', [CompletionResultType]::ParameterValue, 'Apply a jq filter to the document')
            [CompletionResult]::new('filter', 'filter', [CompletionResultType]::ParameterValue, 'Let a program change the document')
            [CompletionResult]::new('lock', 'lock', [CompletionResultType]::ParameterValue, 'Run a program while holding the lock')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Make many edits, one for each line of standard input')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until a jq filter is true of the document')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Tell who holds the lock of the document, and whether it can be edited')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a script that completes jsonlock''s arguments in a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'jsonlock;help;get' {
            break
        }
        'jsonlock;help;set' {
            break
        }
        'jsonlock;help;del' {
            break
        }
        'jsonlock;help;merge' {
            break
        }
        'jsonlock;help;patch' {
            break
        }
        'jsonlock;help;apply' {
            break
        }
        'jsonlock;help;filter' {
            break
        }
        'jsonlock;help;lock' {
            break
        }
        'jsonlock;help;batch' {
            break
        }
        'jsonlock;help;wait' {
            break
        }
        'jsonlock;help;status' {
            break
        }
        'jsonlock;help;completions' {
            break
        }
        'jsonlock;help;man' {
            break
        }
        'jsonlock;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
