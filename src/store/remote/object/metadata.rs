//! What is stored with a document, besides its content.

use crate::store::remote::{Ledger, Version};
use object_store::{Attribute, AttributeValue, Attributes, ObjectMeta, UpdateVersion};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Under which name a document's metadata has the ledger.
const LEDGER: &str = "jsonlock";

/// Of how many versions the attributes are remembered. More than one matters where threads share a store.
const REMEMBERED: usize = 64;

/// What a service calls the state of an object: an etag, and with it a generation or version where there is
/// one. Which of them a write goes by is the service's matter.
pub(super) fn version(object: &ObjectMeta) -> Version {
    let etag = object.e_tag.as_deref().unwrap_or_default();
    match &object.version {
        Some(version) => format!("{etag} {version}").into(),
        None => etag.to_owned().into(),
    }
}

/// The same, taken apart.
pub(super) fn update_version(version: &Version) -> UpdateVersion {
    let text = version.as_str();
    let (etag, version) = match text.split_once(' ') {
        Some((etag, version)) => (etag, Some(version.to_owned())),
        None => (text, None),
    };
    UpdateVersion { e_tag: Some(etag.to_owned()).filter(|etag| !etag.is_empty()), version }
}

pub(super) fn ledger(attributes: &Attributes) -> Option<Ledger> {
    attributes.get(&name())?.parse().ok()
}

/// The same attributes, with this ledger.
pub(super) fn with_ledger(mut attributes: Attributes, ledger: &Ledger) -> Attributes {
    attributes.insert(name(), ledger.to_string().into());
    attributes
}

fn name() -> Attribute {
    Attribute::Metadata(LEDGER.into())
}

/// The attributes of versions that were read, since a write replaces all of them.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<VecDeque<(Version, Attributes)>>);

impl Memory {
    pub(super) fn remember(&self, version: &Version, attributes: Attributes) {
        let mut known = self.known();
        known.retain(|(known, _)| known != version);
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back((version.clone(), attributes));
    }

    /// Those of a version, or of a new document.
    pub(super) fn recall(&self, version: Option<&Version>) -> Attributes {
        let known = self.known();
        let found = known.iter().find(|(known, _)| Some(known) == version);
        found.map_or_else(initial, |(_, attributes)| attributes.clone())
    }

    fn known(&self) -> MutexGuard<'_, VecDeque<(Version, Attributes)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn initial() -> Attributes {
    let json = AttributeValue::from("application/json");
    [(Attribute::ContentType, json)].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_what_services_call_them() {
        for (text, etag, generation) in [
            ("\"abc\"", Some("\"abc\""), None),
            ("\"abc\" 17", Some("\"abc\""), Some("17")),
            (" 17", None, Some("17")),
        ] {
            let version = update_version(&text.to_owned().into());
            let found = (version.e_tag.as_deref(), version.version.as_deref());
            assert_eq!(found, (etag, generation), "{text}");
        }
    }

    #[test]
    fn attributes_are_those_of_their_version() {
        let memory = Memory::default();
        let version = |number: usize| Version::from(number.to_string());
        let attributes = |number: usize| {
            let value = AttributeValue::from(number.to_string());
            Attributes::from_iter([(Attribute::CacheControl, value)])
        };
        for number in 0..REMEMBERED + 1 {
            memory.remember(&version(number), attributes(number));
            memory.remember(&version(number), attributes(number));
        }
        assert_eq!(memory.recall(Some(&version(1))), attributes(1));
        assert_eq!(memory.recall(Some(&version(0))), initial());
        assert_eq!(memory.recall(None), initial());
    }
}
