//! What is stored with a document, besides its content.

use super::url::Service;
use crate::store::remote::{Ledger, Version};
use object_store::{Attribute, AttributeValue, Attributes, ObjectMeta, UpdateVersion};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Under which name a document's metadata has the ledger.
const LEDGER: &str = "jsonlock";

/// Of how many versions the attributes are remembered. More than one matters where threads share a store.
const REMEMBERED: usize = 64;

/// What a service calls the state of an object, if it says that: an etag, and with it a version where there
/// is one. Which of them a write goes by is the service's matter. Google goes by the generation, and has a new
/// etag when only the metadata was changed.
pub(super) fn version(service: Service, object: &ObjectMeta) -> Option<Version> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (etag, version) = (filled(&object.e_tag), filled(&object.version));
    let text = match (service, version) {
        (Service::Google, generation) => generation?,
        (Service::S3 | Service::Azure, Some(version)) => format!("{} {version}", etag?),
        (Service::S3 | Service::Azure, None) => etag?,
    };
    Some(text.into())
}

/// The same, taken apart.
pub(super) fn update_version(service: Service, version: &Version) -> UpdateVersion {
    let text = version.as_str();
    let (etag, version) = match text.split_once(' ') {
        _ if service == Service::Google => (None, Some(text)),
        Some((etag, version)) => (Some(etag), Some(version)),
        None => (Some(text), None),
    };
    UpdateVersion { e_tag: etag.map(str::to_owned), version: version.map(str::to_owned) }
}

/// Whether the content is that of the document, as opposed to something that it has to be made from. What
/// only belongs to the way it was sent on is taken off; the rest is given as the error.
pub(super) fn take_encoding(attributes: &mut Attributes) -> Result<(), String> {
    let Some(value) = attributes.remove(&Attribute::ContentEncoding) else { return Ok(()) };
    let is_kept = |word: &&str| !["", "aws-chunked"].contains(word);
    let encodings: Vec<_> = value.split(',').map(str::trim).filter(is_kept).collect();
    let encodings = encodings.join(", ");
    match encodings.as_str() {
        "" => {}
        "identity" => {
            attributes.insert(Attribute::ContentEncoding, encodings.into());
        }
        _ => return Err(encodings),
    }
    Ok(())
}

pub(super) fn ledger(attributes: &Attributes) -> Option<Ledger> {
    attributes.get(&name())?.parse().ok()
}

/// The same attributes, with as much of this ledger as there is room for.
pub(super) fn with_ledger(
    service: Service,
    mut attributes: Attributes,
    ledger: &Ledger,
) -> Attributes {
    attributes.remove(&name());
    let room = room(service).saturating_sub(LEDGER.len());
    let room = room.saturating_sub(attributes.iter().map(length).sum());
    attributes.insert(name(), ledger.within(room).to_string().into());
    attributes
}

/// How many bytes of metadata a service takes, the names included.
fn room(service: Service) -> usize {
    match service {
        Service::S3 => 2 << 10,
        Service::Azure | Service::Google => 8 << 10,
    }
}

fn length((attribute, value): (&Attribute, &AttributeValue)) -> usize {
    match attribute {
        Attribute::Metadata(name) => name.len() + value.len(),
        _ => 0,
    }
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

    fn object(etag: Option<&str>, version: Option<&str>) -> ObjectMeta {
        ObjectMeta {
            location: "k".into(),
            last_modified: Default::default(),
            size: 0,
            e_tag: etag.map(str::to_owned),
            version: version.map(str::to_owned),
        }
    }

    #[test]
    fn versions_are_what_services_call_them() {
        for (service, etag, version, text) in [
            (Service::S3, Some("\"abc\""), None, "\"abc\""),
            (Service::S3, Some("\"abc\""), Some("17"), "\"abc\" 17"),
            (Service::Azure, Some("\"abc\""), None, "\"abc\""),
            (Service::Google, None, Some("17"), "17"),
        ] {
            let found = super::version(service, &object(etag, version)).unwrap();
            assert_eq!(found.as_str(), text);
            let found = update_version(service, &found);
            assert_eq!((found.e_tag.as_deref(), found.version.as_deref()), (etag, version));
        }
        let (one, other) = (object(Some("one"), Some("17")), object(Some("other"), Some("17")));
        let version = |object| super::version(Service::Google, object);
        assert_eq!(version(&one), version(&other), "only the metadata was changed");
    }

    #[test]
    fn what_names_no_version_has_none() {
        for (service, etag, version) in [
            (Service::S3, None, None),
            (Service::S3, None, Some("17")),
            (Service::S3, Some(""), None),
            (Service::Google, Some("abc"), None),
        ] {
            assert_eq!(super::version(service, &object(etag, version)), None, "{service:?}");
        }
    }

    #[test]
    fn what_encodes_the_content_is_refused() {
        for (value, expected) in [
            ("aws-chunked", Ok(None)),
            ("identity", Ok(Some("identity"))),
            ("aws-chunked, identity", Ok(Some("identity"))),
            ("gzip", Err("gzip".to_owned())),
            ("gzip,aws-chunked", Err("gzip".to_owned())),
        ] {
            let encoding = (Attribute::ContentEncoding, AttributeValue::from(value));
            let mut attributes = Attributes::from_iter([encoding]);
            let found = take_encoding(&mut attributes);
            let kept = attributes.get(&Attribute::ContentEncoding).map(|value| &**value);
            assert_eq!(found.map(|()| kept), expected, "{value}");
        }
    }

    /// What a document has that the ledger has filled up.
    fn full() -> Ledger {
        let operations = "abcdef".repeat(256);
        format!("1.00c0ffee0badcafe.1000.{operations}").parse().unwrap()
    }

    #[test]
    fn a_ledger_takes_no_more_room_than_there_is() {
        for (service, foreign, names) in [
            (Service::S3, 0, 256),
            (Service::S3, 400, 256),
            (Service::S3, 600, 235),
            (Service::S3, 2000, 1),
            (Service::S3, 4000, 1),
            (Service::Azure, 6000, 256),
            (Service::Google, 8000, 25),
        ] {
            let owner = Attribute::Metadata("owner".into());
            let value = AttributeValue::from("x".repeat(foreign));
            let attributes = Attributes::from_iter([(owner, value)]);
            let attributes = with_ledger(service, attributes, &full());
            let text = attributes.get(&name()).unwrap();
            assert_eq!((text.len() - "1.00c0ffee0badcafe.1000.".len()) / 6, names, "{foreign}");
            let ledger = ledger(&attributes).unwrap();
            assert_eq!(ledger.sequence(), 1000);
            assert_eq!(ledger.operation(), full().operation());
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
