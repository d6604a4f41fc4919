//! Any text as `PATH=VALUE`, and known parts put together.
#![no_main]

use jsonlock_fuzz::model::assignment;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assignment::known_parts(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        assignment::any_text(text);
    }
});
