//! Proves that an edit for which its process has no room, because the size of files, the number of
//! descriptors or memory is limited, leaves the document as it was and nothing else behind.

use crate::harness::{Sandbox, is_long};
use crate::system::inode;

const OLD: &str = "{\"a\": \"old\"}";

#[test]
fn a_file_size_limit_is_an_error_and_not_the_end() {
    for limit in ["ulimit -f 0", "ulimit -f 1"] {
        let sandbox = Sandbox::with("f", OLD);
        // A block is 512 or 1024 bytes, as the shell pleases.
        let value = "x".repeat(3000);
        let run = sandbox.shell(&format!("{limit}; exec jsonlock set f a={value}"));
        run.exits_with(74).says("f was not changed");
        assert_eq!(sandbox.read("f"), OLD);
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}

#[test]
fn too_few_descriptors_fail_without_a_trace() {
    let sandbox = Sandbox::with("f", OLD);
    let mut has_succeeded = false;
    for limit in 3..16 {
        let run = sandbox.shell(&format!("ulimit -n {limit}; exec jsonlock set f a=new{limit}"));
        has_succeeded = run.code() == Some(0);
        let expected = if has_succeeded { format!("new{limit}") } else { "old".to_owned() };
        assert_eq!(sandbox.json("f")["a"], expected.as_str(), "{run}");
        let names = sandbox.names();
        assert!(names.iter().all(|name| ["f", "f.lock"].contains(&name.as_str())), "{run}");
        if has_succeeded {
            break;
        }
    }
    assert!(has_succeeded, "an edit takes no more than a dozen descriptors");
}

/// Memory ends anywhere: while the program is loaded, while it reads, and while it changes. That may end
/// the process, as a kill would: the document is old, or it is new if that was published already.
#[test]
fn too_little_memory_changes_nothing() {
    let old = format!("{{\"a\": \"{}\"}}", "x".repeat(2_000_000));
    for edit in ["set f b=new", "apply f '.b = \"new\"'"] {
        let sandbox = Sandbox::with("f", &old);
        let mut refused = 0;
        let mut kib = 1024;
        loop {
            let before = inode(&sandbox.path("f"));
            let run = sandbox.shell(&format!("ulimit -v {kib} && exec jsonlock {edit}"));
            if run.code() == Some(0) {
                break;
            }
            if sandbox.read("f") != old || inode(&sandbox.path("f")) != before {
                assert!(run.code().is_none() && sandbox.json("f")["b"] == "new", "{run}");
                sandbox.write("f", &old);
            }
            assert!(kib < 1 << 22, "an edit takes less than four gigabytes\n{run}");
            refused += 1;
            kib += kib / if is_long() { 1000 } else { 50 };
        }
        assert!(refused > 2, "{refused}");
        assert_eq!(sandbox.json("f")["b"], "new");
        assert_eq!(sandbox.names(), ["f", "f.lock"]);
    }
}
