//! What `courtyard` can be told, one file a command.
//!
//! Exit codes: 0 done, 1 the work found something wrong and said what, 2 usage. With `--json` one
//! JSON value goes to standard output; everything else goes to standard error.

pub mod admin;
pub mod backup;
pub mod demo;
pub(crate) mod entry;
pub mod export;
pub mod import;
pub mod output;
pub mod place;
pub mod qr;
mod register;
pub mod report;
pub mod serve;
pub mod steward;
pub mod table;
pub mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use output::Failure;

/// Courtyard (庭院收购账): the purchase ledger of a village, offline first.
#[derive(Debug, Parser)]
#[command(name = "courtyard", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Villages, invitations, users, devices and rules of the district.
    Admin(admin::AdminArgs),
    /// Copy the data folder while the server runs.
    Backup(backup::BackupArgs),
    /// A whole county on this machine.
    Demo(demo::DemoArgs),
    /// Books and registers in open formats.
    Export(export::ExportArgs),
    /// Products, price lists and growers from files.
    Import(import::ImportArgs),
    /// Income, slips, the trial balance, exceptions.
    Report(report::ReportArgs),
    /// Restore a backup into an empty folder.
    Restore(backup::RestoreArgs),
    /// Run the district's server.
    Serve(serve::ServeArgs),
    /// A steward's ledger: register, buy, pay, sync.
    Steward(steward::StewardArgs),
    /// Check a folder, a backup or an export against the district's root key.
    Verify(verify::VerifyArgs),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and version go to standard output and are no error.
            let code = if usage.use_stderr() { 2 } else { 0 };
            let _ = usage.print();
            return ExitCode::from(code);
        }
    };
    match dispatch(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(),
    }
}

fn dispatch(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Admin(args) => admin::run(args),
        Command::Backup(args) => backup::run_backup(args),
        Command::Demo(args) => demo::run(args),
        Command::Export(args) => export::run(args),
        Command::Import(args) => import::run(args),
        Command::Report(args) => report::run(args),
        Command::Restore(args) => backup::run_restore(args),
        Command::Serve(args) => serve::run(args),
        Command::Steward(args) => steward::run(args),
        Command::Verify(args) => verify::run(args),
    }
}
