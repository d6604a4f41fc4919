//! A database that is full.

use super::cluster::Plan;
use crate::harness::Sandbox;

#[test]
fn a_full_database_is_named_and_nothing_is_lost() {
    let plan = Plan::nodes(1).options(["--quota-backend-bytes", "4000000"]);
    let Some(cluster) = plan.start("full database") else { return };
    let url = cluster.url("k");
    let sandbox = Sandbox::with("value", "x".repeat(300_000));
    let mut made = 0;
    let run = loop {
        let run = cluster
            .run_in(&sandbox, ["apply", &url, "--rawfile", "v", "value", ".n += 1 | .v = $v"]);
        if run.code() != Some(0) {
            break run;
        }
        made += 1;
        assert!(made < 100, "it is never full");
    };
    run.exits_with(74).says("space exceeded; compact and defragment").says("was not changed");
    cluster.run(["get", &url, "n"]).succeeds().prints(&format!("{made}\n"));
}
