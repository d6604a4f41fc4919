//! Accidents on the way to a service and back.

use super::crowd::{Crowd, Manner};
use super::proxy::Fault;
use super::site::Site;
use crate::harness::{Sandbox, is_long};

/// Checks that what is there after each kind of accident is what the writers were told.
pub fn check(site: &Site<'_>) {
    let faults = [
        (Fault::DroppedReply, 7, "dropped"),
        (Fault::Refused, 7, "refused"),
        (Fault::LateReply, 29, "late-reply"),
        (Fault::LateRequest, 29, "late-request"),
        (Fault::Repeated, 7, "repeated"),
    ];
    for (fault, one_in, name) in faults {
        let result = run(site, Manner::Careful, fault, one_in, name);
        let count = |name: &str| result[name].as_u64().unwrap();
        let (made, unknown) = (count("made"), count("unknown"));
        assert_eq!(count("all"), count("own"), "{fault:?}: {result}");
        assert!((made..=made + unknown).contains(&count("all")), "{fault:?}: {result}");
        assert_eq!(unknown, 0, "{fault:?}: {result}");
    }
    check_that_all_may_be_repeated(site);
    check_that_it_matters(site);
}

/// Checks that edits are made once where every single write is sent twice: also the first one of a program,
/// which finds out how the service wants its etags.
fn check_that_all_may_be_repeated(site: &Site<'_>) {
    let (sandbox, proxied) = (Sandbox::new(), site.proxied(Fault::Repeated, 1));
    let run = |servers: &[_], args: &[&str]| {
        let url = (site.url)(servers, "all-repeated.json");
        site.run(servers, &sandbox, &[&[args[0], &url], &args[1..]].concat())
    };
    for n in ["1\n", "2\n", "3\n"] {
        let edit = run(&proxied.addresses, &["apply", ".n += 1", "--print=.n"]);
        edit.succeeds().prints(n);
    }
    run(&site.servers, &["get", "n"]).succeeds().prints("3\n");
}

/// The control: the usual loop makes edits twice, and nobody is told.
fn check_that_it_matters(site: &Site<'_>) {
    for (fault, name) in [(Fault::DroppedReply, "naive-dropped"), (Fault::Refused, "naive-refused")]
    {
        let result = run(site, Manner::Naive, fault, 7, name);
        let count = |name: &str| result[name].as_u64().unwrap();
        assert!(count("all") > count("made"), "{fault:?}: {result}");
    }
}

fn run(
    site: &Site<'_>,
    manner: Manner,
    fault: Fault,
    one_in: usize,
    name: &str,
) -> serde_json::Value {
    let proxied = site.proxied(fault, one_in);
    let url = (site.url)(&proxied.addresses, &format!("{name}.json"));
    let (writers, edits) = if is_long() { (20, 20) } else { (6, 10) };
    let crowd = Crowd { manner, writers, edits };
    let mut result = crowd.run(site, &proxied.addresses, &url);
    proxied.flush();
    let get = site.run(&proxied.addresses, &Sandbox::new(), &["get", &url, "all"]);
    let all = get.succeeds().stdout();
    assert_eq!(all.trim(), result["all"].to_string(), "what came late has changed it");
    println!("{url} {crowd:?} {} accidents: {result}", proxied.injected());
    assert!(proxied.injected() > 0, "{fault:?} never happened");
    result["injected"] = proxied.injected().into();
    result
}
