//! Signals: they end the program at once, except between the creation of the temporary file and the
//! rename, where the edit is first rolled back. An edit of a document that a service keeps has nothing to
//! roll back: while it is sent, nobody knows whether it is made.

use jsonlock::Interrupts;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ};
use signal_hook::{flag, low_level};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Once, OnceLock};

static INTERRUPTS: OnceLock<Interrupts> = OnceLock::new();

/// Catches the signals, once, and gives what edits need to know of them.
pub(crate) fn interrupts() -> Interrupts {
    INTERRUPTS.get_or_init(install).clone()
}

fn install() -> Interrupts {
    let interrupts = Interrupts::default();
    for signal in heeded([SIGHUP, SIGINT, SIGTERM]) {
        // Where a handler cannot be installed, the next holder of the lock cleans up instead.
        let requested = Arc::clone(interrupts.requested());
        let _ = flag::register_usize(signal, requested, signal.unsigned_abs() as usize);
        let may_die = Arc::clone(interrupts.may_die());
        let _ = flag::register_conditional_default(signal, may_die);
    }
    // Caught, a file that grows beyond its limit is an error that can be reported and cleaned up.
    let _ = flag::register(SIGXFSZ, Arc::default());
    interrupts
}

/// Lets the kernel keep how children have ended, which it does not do where SIGCHLD is ignored, as it may
/// be by whoever has started this program.
pub(crate) fn hear_of_children() {
    static HEARD: Once = Once::new();
    HEARD.call_once(|| {
        let _ = flag::register(SIGCHLD, Arc::default());
    });
}

/// The signals that would end this process and can be sent to another one instead.
pub(crate) fn deadly() -> Vec<i32> {
    heeded([SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2])
}

/// Those that are not ignored. Under nohup, and in the background of a script, some are and must stay so.
fn heeded(signals: impl IntoIterator<Item = i32>) -> Vec<i32> {
    let ignored = ignored_signals();
    signals.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect()
}

/// The mask of ignored signals, see proc_pid_status(5). Elsewhere than on Linux, none.
fn ignored_signals() -> u64 {
    let Ok(status) = File::open("/proc/self/status") else { return 0 };
    // With room for all of it, so that it is read at once. The name of the program can be any bytes.
    let lines = BufReader::with_capacity(1 << 13, status).split(b'\n').map_while(Result::ok);
    let mask = lines.filter_map(|line| String::from_utf8(line).ok()).find_map(|line| {
        let mask = line.strip_prefix("SigIgn:")?;
        u64::from_str_radix(mask.trim(), 16).ok()
    });
    mask.unwrap_or(0)
}

/// Ends the program by the signal that asked it to stop, if one did, so that the shell sees why.
pub(crate) fn end_if_requested() {
    let requested =
        INTERRUPTS.get().map_or(0, |interrupts| interrupts.requested().load(Ordering::SeqCst));
    if let (1.., Ok(signal)) = (requested, i32::try_from(requested)) {
        let _ = low_level::emulate_default_handler(signal);
    }
}

/// Ends the program by a signal that has ended its command, if it is one by which people and scripts end
/// programs, so that a shell that waits for this one sees that too.
pub(crate) fn end_like(status: ExitStatus) {
    if let Some(signal @ (SIGHUP | SIGINT | SIGTERM)) = status.signal() {
        let _ = low_level::emulate_default_handler(signal);
    }
}
