//! The `lianxin` command.

fn main() {}
