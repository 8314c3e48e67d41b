//! `courtyard admin pages`: what the pages' tests walk, so that none is left out.

use clap::Args;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::say;
use crate::web;

/// Nothing to choose but the form.
#[derive(Debug, Args)]
pub(super) struct PagesArgs {
    /// One JSON value.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Shown {
    path: &'static str,
    access: &'static str,
}

pub(super) fn run(args: &PagesArgs) -> Result<(), Failure> {
    let shown: Vec<Shown> = web::pages()
        .iter()
        .filter(|page| page.shown)
        .map(|page| Shown { path: page.path, access: page.access.name() })
        .collect();
    say(args.json, &shown, |shown| {
        shown.iter().map(|page| format!("{:<8}{}\n", page.access, page.path)).collect()
    })
}
