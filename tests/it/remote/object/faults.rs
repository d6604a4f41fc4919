//! Accidents on the way to a service and back.

use super::crowd::{Crowd, Manner};
use super::services::Service;
use crate::harness::{Sandbox, is_long};
use crate::remote::proxy::{Fault, Message, Proxy};

/// Checks that what is there after each kind of accident is what the writers were told.
pub fn check(service: &Service) {
    let faults = [
        (Fault::DroppedReply, 7, "dropped"),
        (Fault::Refused, 7, "refused"),
        (Fault::LateReply, 29, "late-reply"),
        (Fault::LateRequest, 29, "late-request"),
        (Fault::Repeated, 7, "repeated"),
    ];
    for (fault, one_in, name) in faults {
        let result = run(service, Manner::Careful, fault, one_in, name);
        let count = |name: &str| result[name].as_u64().unwrap();
        let (made, unknown) = (count("made"), count("unknown"));
        assert_eq!(count("all"), count("own"), "{fault:?}: {result}");
        assert!((made..=made + unknown).contains(&count("all")), "{fault:?}: {result}");
        assert_eq!(unknown, 0, "{fault:?}: {result}");
    }
    check_that_all_may_be_repeated(service);
    check_that_it_matters(service);
}

/// Checks that edits are made once where every single write is sent twice: also the first one of a program,
/// which finds out how the service wants its etags.
fn check_that_all_may_be_repeated(service: &Service) {
    let is_put = |request: &Message| request.method() == "PUT";
    let proxy = Proxy::start(service.server.address(), is_put, Fault::Repeated, 1);
    let (sandbox, url) = (Sandbox::new(), service.url("all-repeated.json"));
    let environment = service.environment(proxy.address());
    let environment: Vec<_> =
        environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for n in ["1\n", "2\n", "3\n"] {
        let edit = ["apply", url.as_str(), ".n += 1", "--print=.n"];
        service.run_with(&sandbox, &edit, &environment).succeeds().prints(n);
    }
    service.run(&sandbox, &["get", &url, "n"]).succeeds().prints("3\n");
}

/// The control: the usual loop makes edits twice, and nobody is told.
fn check_that_it_matters(service: &Service) {
    for (fault, name) in [(Fault::DroppedReply, "naive-dropped"), (Fault::Refused, "naive-refused")]
    {
        let result = run(service, Manner::Naive, fault, 7, name);
        let count = |name: &str| result[name].as_u64().unwrap();
        assert!(count("all") > count("made"), "{fault:?}: {result}");
    }
}

fn run(
    service: &Service,
    manner: Manner,
    fault: Fault,
    one_in: usize,
    name: &str,
) -> serde_json::Value {
    let is_put = |request: &Message| request.method() == "PUT";
    let proxy = Proxy::start(service.server.address(), is_put, fault, one_in);
    let url = service.url(&format!("{name}.json"));
    let (writers, edits) = if is_long() { (20, 20) } else { (6, 10) };
    let crowd = Crowd { manner, writers, edits };
    let mut result = crowd.run(service, &url, proxy.address());
    proxy.flush();
    let sandbox = Sandbox::new();
    let all = service.run(&sandbox, &["get", &url, "all"]).succeeds().stdout();
    assert_eq!(all.trim(), result["all"].to_string(), "what came late has changed it");
    println!("{url} {crowd:?} {} accidents: {result}", proxy.injected());
    assert!(proxy.injected() > 0, "{fault:?} never happened");
    result["injected"] = proxy.injected().into();
    result
}
