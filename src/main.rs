//! The `lianxin` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    lianxin::cli::main()
}
