//! The servers of the test suite.

pub(crate) mod etcd;
pub(crate) mod object;
#[path = "../../../tests/it/remote/server.rs"]
pub(crate) mod server;
