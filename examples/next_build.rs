//! Gives each build a number of its own, however many start at once.

use jsonlock::{Json, LocalStore};

fn main() -> jsonlock::Result<()> {
    let store = LocalStore::new("builds.json");
    let next = "next".parse()?;
    let edited = jsonlock::edit(&store, |document| {
        let number = document.get::<u64>(&next)?.unwrap_or(0) + 1;
        document.set(&next, Json::from(number))?;
        Ok(number)
    })?;
    println!("this is build {}", edited.value);
    Ok(())
}
