//! JSON Patches (RFC 6902).
#![no_main]

use jsonlock_fuzz::model::choices::Kinds;
use jsonlock_fuzz::model::edits;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| edits::one_change(bytes, Kinds::Patch));
