//! The servers of the test suite.

pub(crate) mod etcd;
pub(crate) mod object;
#[path = "../../../tests/it/remote/proxy.rs"]
pub(crate) mod proxy;
#[path = "../../../tests/it/remote/server.rs"]
pub(crate) mod server;
#[path = "../../../tests/it/remote/site.rs"]
pub(crate) mod site;
