//! Several changes of all kinds, one after the other, in one document.
#![no_main]

use jsonlock_fuzz::model::choices::Kinds;
use jsonlock_fuzz::model::edits;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    edits::several_changes(bytes);
    edits::one_change(bytes, Kinds::All);
});
