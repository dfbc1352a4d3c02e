//! Figures against hand-made histories: the worked example of `docs/figures.md`, and what must
//! hold whatever happened.

mod example;
mod nasty;
mod properties;
mod sample;
