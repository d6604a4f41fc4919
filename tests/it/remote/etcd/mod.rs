//! etcd: clusters of the real one, each on free ports of this machine.

mod access;
mod cluster;
mod commands;
mod crowd;
mod faults;
mod history;
mod space;
mod switch;
mod tls;
mod watch;
