//! Any text as a path, and known places in all notations.
#![no_main]

use jsonlock_fuzz::model::path;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    path::known_place(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        path::any_text(text);
    }
});
