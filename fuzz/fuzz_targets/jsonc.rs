//! Changes to documents with comments.
#![no_main]

use jsonlock_fuzz::model::choices::Kinds;
use jsonlock_fuzz::model::jsonc;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    jsonc::one_change(bytes, Kinds::All);
    jsonc::damaged_text(bytes);
    jsonc::any_text(bytes);
});
