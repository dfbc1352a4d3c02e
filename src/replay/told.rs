//! How mistakes and differences are told. Pure.

use super::{Difference, Malformed};
use std::{
    fmt::{self, Display, Formatter},
    path::Path,
};

/// A line that is no step, with the file that it stands in.
pub(super) struct NoStep<'a>(pub(super) &'a Path, pub(super) &'a Malformed);

impl Display for NoStep<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(path, Malformed { line, source, wrong }) = self;
        writeln!(f, "{}:{line}: {wrong}", path.display())?;
        writeln!(f, "    {source}")
    }
}

/// A step that did not go as expected, with the file that it stands in.
pub(super) struct NotSo<'a>(pub(super) &'a Path, pub(super) &'a Difference);

impl Display for NotSo<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(path, difference) = self;
        writeln!(f, "{}:{}: {}", path.display(), difference.line, difference.problem)?;
        writeln!(f, "  - {}", difference.source)?;
        for line in difference.said.iter().flat_map(|said| said.lines()) {
            writeln!(f, "  + {line}")?;
        }
        Ok(())
    }
}
