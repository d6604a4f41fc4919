//! The checks that the property tests make too.

#[path = "../../tests/it/model/mod.rs"]
pub mod model;
