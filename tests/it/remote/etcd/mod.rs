//! etcd: clusters of the real one, each on free ports of this machine.

mod access;
mod cluster;
mod commands;
mod faults;
mod history;
mod load;
mod space;
mod switch;
mod tls;
mod watch;
