//! `--schema`: what the result must be valid under.

use crate::input;
use crate::report::Failed;
use anyhow::{Context as _, Result};
use jsonlock::{Error, ErrorKind, Json, Result as EditResult};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ReferencingError, ValidationError, Validator};
use serde_json::Value;

/// How many failures a message tells.
const TOLD: usize = 5;

/// A schema that has been read and compiled.
pub(super) struct Schema {
    file: String,
    validator: Validator,
}

impl Schema {
    /// Reads a schema from a file, or from standard input for `-`.
    pub(super) fn read(file: &str) -> Result<Self> {
        let name = input::name(file);
        let text = Json::parse(input::text(file)?).with_context(|| format!("--schema {name}"))?;
        let invalid = |reason: String| {
            let message = format!("{name} is not a valid JSON Schema: {reason}");
            Failed::new(ErrorKind::InvalidJson, message)
        };
        let schema: Value =
            serde_json::from_str(text.as_str()).map_err(|error| invalid(error.to_string()))?;
        let built = jsonschema::options().offline().build(&schema);
        let validator = built.map_err(|error| invalid(reason(&error)))?;
        Ok(Schema { file: name.to_owned(), validator })
    }

    /// Refuses a text that is not valid under the schema, and says why without showing values.
    pub(super) fn check(&self, text: &str) -> EditResult<()> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            // The text is JSON, so this is all that can be wrong with it. No values are shown.
            let what = "--schema cannot check more than 127 levels, nor half of a surrogate pair";
            Error::unfit(format!("{what}: {error}"))
        })?;
        let mut failures = self.validator.iter_errors(&value);
        let told: Vec<String> = failures.by_ref().take(TOLD).map(|it| self.tell(&it)).collect();
        let more = match failures.count() {
            0 => String::new(),
            rest => format!("\n  and {rest} more"),
        };
        match told.as_slice() {
            [] => Ok(()),
            [only] => Err(Error::rejected(format!("--schema rejects the result: {only}"))),
            told => {
                let told = told.join("\n  ");
                Err(Error::rejected(format!("--schema rejects the result:\n  {told}{more}")))
            }
        }
    }

    fn tell(&self, failure: &ValidationError<'_>) -> String {
        format!("{} ({}#{})", reason(failure), self.file, failure.schema_path())
    }
}

/// What is wrong and where, with all values masked.
fn reason(failure: &ValidationError<'_>) -> String {
    match (failure.kind(), failure.instance_path().as_str()) {
        (ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }), _) => {
            format!("it refers to {uri}, which is not in it, and nothing is fetched")
        }
        (_, "") => failure.masked().to_string(),
        (_, place) => format!("at {place}: {}", failure.masked()),
    }
}
