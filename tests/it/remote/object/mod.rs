//! Documents in object stores.

mod answers;
mod environment;
mod errors;
mod fake;
mod google;
mod library;
mod probe;
mod services;
mod tls;

use super::{conformance, crowd, faults, load};
use crate::conformance::Crowd;
use services::{azurite, moto, radosgw};

/// One writer at a time, since moto looks at the condition of a write and then writes, with nothing that
/// keeps two requests apart.
#[test]
fn moto_does_what_files_do() {
    let Some(service) = moto() else { return };
    conformance::check(&service.site());
    library::check(&service, Crowd::NotKeptApart);
    errors::check(&service);
    errors::check_foreign_objects(&service);
}

#[test]
fn azurite_does_what_files_do() {
    let Some(service) = azurite() else { return };
    conformance::check(&service.site());
    library::check(&service, Crowd::Of(4));
    errors::check(&service);
    errors::check_wrong_credentials(&service);
    probe::accepts(&service);
    crowd::check(&service.site(), 50, 20);
    load::check(&service.site(), 50, 20);
}

#[test]
fn azurite_with_accidents_loses_nothing() {
    let Some(service) = azurite() else { return };
    faults::check(&service.site());
}

/// In one test, because its start takes long.
#[test]
fn ceph_does_what_files_do_and_loses_nothing_in_accidents() {
    let Some(service) = radosgw() else { return };
    conformance::check(&service.site());
    library::check(&service, Crowd::Of(4));
    errors::check(&service);
    errors::check_wrong_credentials(&service);
    probe::accepts(&service);
    crowd::check(&service.site(), 50, 20);
    load::check(&service.site(), 50, 20);
    faults::check(&service.site());
}
