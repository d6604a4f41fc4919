//! Documents that services keep. The tests start real servers, and put a proxy before them that loses and
//! delays what is sent.

#[cfg(any(feature = "etcd", feature = "object-store"))]
mod conformance;
#[cfg(any(feature = "etcd", feature = "object-store"))]
mod crowd;
#[cfg(feature = "etcd")]
mod etcd;
#[cfg(any(feature = "etcd", feature = "object-store"))]
mod faults;
#[cfg(any(feature = "etcd", feature = "object-store"))]
mod load;
#[cfg(feature = "object-store")]
mod object;
#[cfg(any(feature = "etcd", feature = "object-store"))]
mod proxy;
#[cfg(feature = "object-store")]
mod server;
#[cfg(any(feature = "etcd", feature = "object-store"))]
mod site;
