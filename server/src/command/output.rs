//! How commands speak: JSON or words on standard output, what went wrong on standard error.

use std::io::Write as _;
use std::process::ExitCode;

use courtyard_core::domain::UnitError;
use serde::Serialize;

use super::table::Table;

/// Why a command did not end with 0, in words for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// The work found something wrong: exit code 1.
    pub fn found(text: impl Into<String>) -> Self {
        Failure { code: 1, text: text.into() }
    }

    /// The words of the command make no sense together: exit code 2.
    pub fn usage(text: impl Into<String>) -> Self {
        Failure { code: 2, text: text.into() }
    }

    /// Found wrong, with both languages: what happened, what was kept, what to do.
    pub fn words(zh: &str, en: &str) -> Self {
        Failure::found(format!("{zh}\n{en}"))
    }

    /// Its words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Says it on standard error and gives the exit code.
    pub fn tell(&self) -> ExitCode {
        if !self.text.is_empty() {
            let _ = writeln!(std::io::stderr(), "{}", self.text);
        }
        ExitCode::from(self.code)
    }
}

/// A command's result: as JSON, or as the words that `text` makes of it.
///
/// # Errors
/// [`Failure`] if standard output is closed.
pub fn say<T: Serialize>(
    json: bool,
    value: &T,
    text: impl FnOnce(&T) -> String,
) -> Result<(), Failure> {
    let mut said = if json {
        serde_json::to_string(value).map_err(|error| Failure::found(error.to_string()))?
    } else {
        text(value)
    };
    if !said.ends_with('\n') {
        said.push('\n');
    }
    std::io::stdout()
        .lock()
        .write_all(said.as_bytes())
        .map_err(|error| Failure::found(format!("standard output is closed: {error}")))
}

/// A list: as JSON, or as a table.
///
/// # Errors
/// [`Failure`] if a sum does not fit or standard output is closed.
pub fn list<T: Serialize>(json: bool, value: &T, table: &Table) -> Result<(), Failure> {
    let text = if json { String::new() } else { table.text().map_err(too_large)? };
    say(json, value, |_| text)
}

/// A sum that does not fit.
pub fn too_large(error: UnitError) -> Failure {
    Failure::words(&error.zh(), &format!("{error}. Nothing was changed."))
}
