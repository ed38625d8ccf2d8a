//! The films: how they are written down, and how a moment of one is drawn. `render` makes files of them.
//!
//! A film is a folder in `stories` with a script (`film.toml`) and its captions; what it shows is in `drawings`, where every figure,
//! room and thing is an SVG file with parts that have names.

pub mod captions;
pub mod drawing;
pub mod figure;
pub mod frame;
pub mod library;
pub mod script;
pub mod sound;
pub mod track;
