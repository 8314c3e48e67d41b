//! The one binary of Courtyard.

use std::process::ExitCode;

fn main() -> ExitCode {
    courtyard_server::command::run()
}
