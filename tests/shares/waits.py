"""Waiting on one machine for an edit on another."""


def expect_noticed(report, share, waiter, editor, directories, name):
    """A `wait` that sleeps wakes when the other machine edits. The document must have an `n` of 0."""
    waiting = waiter.start_jsonlock("wait", name, ".n == 1", "--timeout", "60", directory=directories[0])
    report.expect(waiter.call("commands.until_asleep"), f"{share}: wait sleeps while nothing happens")
    edit = editor.jsonlock("apply", name, ".n = 1", directory=directories[1])
    report.expect_status(edit, 0, f"{share}: an edit on the other machine")
    report.expect_status(waiter.finish(waiting), 0, f"{share}: wait notices it")
