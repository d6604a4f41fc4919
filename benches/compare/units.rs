//! Numbers as people read them.

use std::time::Duration;

pub(crate) fn milliseconds(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.2} ms", seconds * 1e3),
        seconds => format!("{seconds:.2} s"),
    }
}

/// As short as can be, for axes.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        _ if seconds < 0.999e-3 => format!("{} µs", short(seconds * 1e6)),
        _ if seconds < 0.999 => format!("{} ms", short(seconds * 1e3)),
        _ => format!("{} s", short(seconds)),
    }
}

pub(crate) fn bytes(bytes: f64) -> String {
    match bytes {
        _ if bytes < 0.999e6 => format!("{} KB", short(bytes / 1e3)),
        _ if bytes < 0.999e9 => format!("{} MB", short(bytes / 1e6)),
        _ => format!("{} GB", short(bytes / 1e9)),
    }
}

/// Three digits at the least, and no more behind the point than these take.
fn short(number: f64) -> String {
    match number {
        _ if number >= 99.95 => format!("{number:.0}"),
        _ if number >= 9.995 => trim(format!("{number:.1}")),
        _ => trim(format!("{number:.2}")),
    }
}

fn trim(number: String) -> String {
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}
