//! Many writers of one key.

use super::cluster::{Cluster, shared};
use crate::remote::load::{self, Load, PATIENCE, Tally};
use crate::remote::{crowd, faults};
use jsonlock::{Editor, ErrorKind, Json, RemoteStore, Wait};

/// Makes the edits by threads of this process, each with its own store.
fn by_threads(cluster: &Cluster, name: &str, writers: u64, edits: u64) {
    let url = cluster.url(name);
    let load = Load {
        url: url.clone(),
        run: &|sandbox, args| cluster.run_in(sandbox, args),
        writers,
        edits,
    };
    let stores: Vec<_> = (0..writers).map(|_| RemoteStore::open(&url).unwrap()).collect();
    let tally = Tally::default();
    load.by(&tally, |writer| {
        let own = format!("own[\"{writer}\"]").parse().unwrap();
        let editor = Editor::default().wait(Wait::at_most(PATIENCE));
        let edited = editor.edit(&stores[usize::try_from(writer).unwrap()], |document| {
            for path in [&"n".parse()?, &own] {
                let count = document.get::<u64>(path)?.unwrap_or(0) + 1;
                document.set(path, Json::from(count))?;
            }
            Ok(())
        });
        match edited {
            Ok(edited) => Ok(edited.attempts.into()),
            Err(error) if error.kind() == ErrorKind::Unclear => Err(()),
            Err(error) => panic!("{error}"),
        }
    });
    assert_eq!(tally.made(), writers * edits);
}

#[test]
fn fifty_processes_lose_nothing() {
    let Some(cluster) = shared("fifty processes") else { return };
    load::check(&cluster.site(), 50, 20);
}

#[test]
fn accidents_on_the_way_lose_nothing() {
    let Some(cluster) = shared("accidents") else { return };
    crowd::check(&cluster.site(), 20, 10);
    faults::check(&cluster.site());
}

#[test]
fn writers_of_one_process_lose_nothing() {
    let Some(cluster) = shared("threads") else { return };
    for (writers, edits) in [(1, 40), (8, 25), (50, 20)] {
        by_threads(cluster, &format!("threads{writers}"), writers, edits);
    }
}
