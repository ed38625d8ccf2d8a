//! What the machine does in single, named situations.
