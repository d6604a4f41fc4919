//! Any bytes as a document, and changes to it: scan and splice.
#![no_main]

use jsonlock_fuzz::model::document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| document::any_document(bytes));
