//! What a first visit costs: every file the young person's app needs before something can be written.

use anyhow::{Result, bail};

use crate::apps::YOUNG;
use crate::files;

const LIMIT: usize = 200 * 1024;
/// Icons and the manifest are fetched by the system later; the service worker fetches in the background.
const COUNTED: &[&str] = &["html", "css", "js", "wasm", "woff2"];

pub fn check() -> Result<()> {
    let dist = YOUNG.dist();
    let mut total = (0, 0);
    println!("{:<44} {:>10} {:>10}", "file", "bytes", "brotli");
    for file in files::below(&dist)? {
        let name = files::shown(&file, &dist);
        if !files::has_extension(&file, COUNTED) || name == "sw.js" {
            continue;
        }
        let raw = files::read(&file)?.len();
        let packed = dist.join(format!("{name}.br"));
        let sent = if packed.is_file() { files::read(&packed)?.len() } else { raw };
        println!("{name:<44} {raw:>10} {sent:>10}");
        total = (total.0 + raw, total.1 + sent);
    }
    println!("{:<44} {:>10} {:>10}   of {LIMIT}", "total", total.0, total.1);
    if total.1 > LIMIT {
        bail!("a first visit is {} bytes too large", total.1 - LIMIT);
    }
    Ok(())
}
