//! Servers of object stores.

#[path = "../../../tests/it/remote/object/services.rs"]
pub(crate) mod services;
