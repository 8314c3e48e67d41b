use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// Every id of a catalogue with the variables that its text names.
fn ids(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for file in files {
        FluentResource::try_new((*file).to_owned()).unwrap();
        let mut id = String::new();
        for line in file.lines() {
            if let Some((name, _)) = line.split_once('=')
                && line.starts_with(|first: char| first.is_ascii_lowercase())
            {
                id = name.trim().to_owned();
                let first = found.insert(id.clone(), BTreeSet::new());
                assert!(first.is_none(), "{id} stands twice");
            }
            let variables = line.split('$').skip(1).map(|rest| {
                let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
                rest.split(ends).next().unwrap().to_owned()
            });
            if let Some(known) = found.get_mut(&id) {
                known.extend(variables);
            }
        }
    }
    found
}

/// What the sources of the pages hold, tests left out.
fn sources(folder: &Path, found: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push_str(text.split("#[cfg(test)]").next().unwrap());
        }
    }
}

#[test]
fn both_languages_say_the_same_things_with_the_same_values() {
    assert_eq!(ids(ZH), ids(EN));
}

#[test]
fn every_word_of_the_catalogue_is_used_by_some_page() {
    let mut text = String::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in ["web", "console", "grower"].map(|name| src.join(name)) {
        if folder.is_dir() {
            sources(&folder, &mut text);
        }
    }
    let unused: Vec<String> =
        ids(ZH).into_keys().filter(|id| !text.contains(&format!("\"{id}\""))).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_id_that_a_page_says_is_in_the_catalogue() {
    let mut text = String::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in ["web", "console", "grower"].map(|name| src.join(name)) {
        if folder.is_dir() {
            sources(&folder, &mut text);
        }
    }
    let known = ids(ZH);
    let said = text.split(".say").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix("_with").unwrap_or(rest);
        let rest = rest.strip_prefix('(')?.trim_start();
        rest.strip_prefix('"')?.split('"').next()
    });
    let missing: Vec<&str> = said.filter(|id| !known.contains_key(*id)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}
