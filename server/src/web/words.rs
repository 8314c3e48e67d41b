//! The words of the pages: one Fluent catalogue in Chinese and English.
//!
//! An id begins with its page's name. What the core says itself (rules, exceptions, states) comes
//! from there, by [`Words::pick`].

use std::sync::OnceLock;

use courtyard_core::domain::units::text::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

macro_rules! catalogue {
    ($language:literal: $($page:literal),+ $(,)?) => {
        &[$(include_str!(concat!("../../locales/", $language, "/", $page, ".ftl"))),+]
    };
}

/// The pages that have words, each a file in both languages.
macro_rules! pages_with_words {
    ($name:ident) => {
        $name![
            "shared",
            "chart",
            "sign-in",
            "setup",
            "overview",
            "villages",
            "users",
            "grower",
            "check",
            "exceptions",
            "acts",
            "slips",
            "slip"
        ]
    };
}

macro_rules! zh {
    ($($page:literal),+) => { catalogue!("zh-CN": $($page),+) };
}

macro_rules! en {
    ($($page:literal),+) => { catalogue!("en": $($page),+) };
}

const ZH: &[&str] = pages_with_words!(zh);
const EN: &[&str] = pages_with_words!(en);

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words {
    language: Language,
    bundle: &'static Bundle,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.language).finish()
    }
}

impl Words {
    /// The words of this language.
    pub fn of(language: Language) -> Words {
        static CHINESE: OnceLock<Bundle> = OnceLock::new();
        static ENGLISH: OnceLock<Bundle> = OnceLock::new();
        let bundle = match language {
            Language::Zh => CHINESE.get_or_init(|| bundle("zh-CN", ZH)),
            Language::En => ENGLISH.get_or_init(|| bundle("en", EN)),
        };
        Words { language, bundle }
    }

    /// Which language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The language as HTML and HTTP name it.
    pub fn tag(&self) -> &'static str {
        match self.language {
            Language::Zh => "zh-CN",
            Language::En => "en",
        }
    }

    /// What stands under this id; the id itself if nothing does, which a test keeps from happening.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The same, with values for the variables of the text.
    pub fn say_with(&self, id: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            tracing::error!(id, "a page has no words for this");
            return id.to_owned();
        };
        let args: FluentArgs<'_> =
            values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, ?errors, "a page's words lack a value");
        }
        said
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(&self, zh: T, en: T) -> T {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

fn bundle(tag: &str, files: &[&str]) -> Bundle {
    let language: Result<LanguageIdentifier, _> = tag.parse();
    let mut bundle = FluentBundle::new_concurrent(language.into_iter().collect());
    // The marks around values are for mixed directions of writing; neither language has two.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) => resource,
            // A test reads every file; what can be read of a faulty one is still shown.
            Err((resource, errors)) => {
                tracing::error!(?errors, "a catalogue of words");
                resource
            }
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests;
