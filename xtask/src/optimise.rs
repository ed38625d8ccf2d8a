//! `wasm-opt` over the modules of an app: as many at once as there are processors, and none that it has seen before.
//!
//! It takes most of the time of a build. What it made is kept under the bytes that it was made from, so that after a change only
//! the modules which that change has reached are optimised again.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use anyhow::{Result, anyhow};

use crate::arrange::arranged;
use crate::{files, shell};

/// What rustc and wasm-bindgen use, and no more: a feature that is not named is taken away, and one more than these could
/// bring in what older browsers do not know.
const WASM_OPT: &[&str] = &[
    "--quiet",
    // Nothing of ours stands in the first kilobyte: the stack begins far above it and ends before.
    "--low-memory-unused",
    // A longer function is left whole, though it is called in one place only: 0.5 KB less.
    "--one-caller-inline-max-function-size=30",
    // Flattened and put together anew, and then made small twice. A third time, or -O2 before it, takes twice as long for 0.2 KB.
    "--flatten",
    "--rereloop",
    "-Os",
    "-Os",
    "--reorder-locals",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
];

/// What was optimised before, by what it was made from.
const KEPT: &str = "target/apps/optimised";

/// The bytes of each module after it, in the order of `modules`.
pub fn optimised(modules: &[PathBuf]) -> Result<Vec<Vec<u8>>> {
    let tool = files::read(Path::new("xtask/binaryen/package-lock.json"))?;
    let mut wanted = modules.iter().map(|module| kept(module, &tool)).collect::<Result<Vec<_>>>()?;
    // The largest first: it takes as long as all the others together.
    wanted.sort_by_key(|(_, size, _)| *size);
    let queue = Mutex::new(wanted.iter().filter(|(_, _, kept)| !kept.exists()).collect::<Vec<_>>());
    let next = || queue.lock().map_err(|_| anyhow!("another module failed")).map(|mut queue| queue.pop());
    let work = || -> Result<()> {
        while let Some((module, _, kept)) = next()? {
            optimise(module, kept)?;
        }
        Ok(())
    };
    let processors = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("an optimiser broke down"))?)
    })?;
    modules.iter().map(|module| arranged(&files::read(&kept(module, &tool)?.2)?)).collect()
}

/// A module, how large it is, and where it is kept once it is optimised.
fn kept<'a>(module: &'a Path, tool: &[u8]) -> Result<(&'a Path, usize, PathBuf)> {
    let bytes = files::read(module)?;
    let made_from = [tool, WASM_OPT.concat().as_bytes(), &bytes].concat();
    Ok((module, bytes.len(), files::root().join(KEPT).join(format!("{}.wasm", files::revision(&made_from)))))
}

fn optimise(module: &Path, kept: &Path) -> Result<()> {
    // Under its name only when it is whole: a build that is interrupted leaves nothing that passes for it.
    let written = module.with_extension("optimised.wasm");
    let mut command = shell::command("xtask/binaryen/node_modules/.bin/wasm-opt", WASM_OPT);
    shell::run_command(command.arg(module).arg("--output").arg(&written))?;
    std::fs::create_dir_all(files::root().join(KEPT))?;
    Ok(std::fs::rename(written, kept)?)
}
