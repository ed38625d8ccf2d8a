//! Starts; everything else is in the library.

use std::process::ExitCode;

/// What a password's hash takes, 19 MiB, goes back to the machine afterwards. The allocator of most Linux systems keeps it, for every
/// thread that has ever hashed one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
