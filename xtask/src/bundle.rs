//! From the linked wasm of an app to what a browser loads: split into chunks, bound to JavaScript, optimised, and named after
//! its final bytes.
//!
//! The order matters. The splitter needs the linker's relocations, which only the linked file has; `wasm-bindgen` binds the main
//! module alone, and keeps what the chunks take from it. Names come last: the modules first, since the list of the chunks and
//! the script hold their names, then the list, which has some of them in it, then the script.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::optimise::optimised;
use crate::shorten::shortened;
use crate::{files, shell};

/// The splitter's script, which the main module imports its loaders from.
const LOADERS: &str = "__wasm_split.js";
/// What reads the disk; see `src/state/remote.rs`.
const READING: &str = "split_reading.wasm";
/// A chunk that has not come after this long is given up: the page says so, and can be asked for again.
const CHUNK_TIMEOUT_MILLIS: u32 = 20_000;

/// What was made, in the folder it was made for: the names that the page and the start script need.
pub struct Bundle {
    /// The main module.
    pub wasm: String,
    /// The script that starts it, and knows where the chunks are.
    pub script: String,
}

/// Makes the app called `name` in `dist` from what the linker wrote, working in `scratch`.
pub fn bundle(name: &str, linked: &[u8], scratch: &Path, dist: &Path) -> Result<Bundle> {
    files::fresh(scratch)?;
    let chunks = bind(name, linked, scratch)?;
    let main = scratch.join(format!("{name}_bg.wasm"));
    let bound = scratch.join(format!("{name}.js"));
    let (module, script) = shortened(&files::read(&main)?, &files::read_text(&bound)?)?;
    files::write(&main, module)?;
    files::write(&bound, script)?;

    let mut optimised = optimised(&[&chunks[..], &[main]].concat())?;
    let program = optimised.pop().context("nothing was optimised")?;
    let wasm = hashed(name, "wasm", &program, dist)?.name;
    let mut loaders = files::read_text(&scratch.join(LOADERS))?;
    let with_list = read_with(&loaders);
    if with_list.is_empty() && chunks.contains(&scratch.join(READING)) {
        bail!("the splitter's script names what the disk is read with in another way than it used to");
    }
    let (mut list, mut modules) = (BTreeMap::new(), Vec::new());
    for (chunk, bytes) in chunks.iter().zip(optimised) {
        let plain = files::shown(chunk, scratch);
        loaders = listed(&loaders, &plain)?;
        let chunk = if with_list.contains(&plain) {
            let at = [modules.len(), modules.len() + bytes.len()];
            modules.extend(bytes);
            Chunk::WithList { at }
        } else {
            let stem = plain.trim_end_matches(".wasm");
            Chunk::File(hashed(&format!("{name}_{stem}"), "wasm", &bytes, dist)?)
        };
        list.insert(plain, chunk);
    }
    let list = serde_json::to_vec(&list)?;
    let length = list.len();
    let list = hashed(&format!("{name}_chunks"), "bin", &[list, modules].concat(), dist)?;
    files::write(&scratch.join(LOADERS), loaders + &asking(&list, length))?;
    let glue = glue(name, scratch)?.replace(&format!("{name}_bg.wasm"), &wasm);
    let script = format!("{name}-{}.js", files::revision(glue.as_bytes()));
    files::write(&dist.join(&script), glue)?;
    Ok(Bundle { wasm, script })
}

/// Splits, and binds the main module. Answers with the other modules.
fn bind(name: &str, linked: &[u8], scratch: &Path) -> Result<Vec<PathBuf>> {
    let main = scratch.join("main.wasm");
    let module = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(linked);
    options.output_dir = scratch;
    options.main_out_path = &main;
    options.main_module = &module;
    let split = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("splitting {name}: {error:#}"))?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(&main).out_name(name).typescript(false).keep_lld_exports(true).remove_producers_section(true);
    bindgen.web(true).and_then(|bindgen| bindgen.generate(scratch)).with_context(|| format!("binding {name}"))?;
    let mut chunks = split.split_modules;
    chunks.sort();
    Ok(chunks)
}

/// Where a chunk is.
#[derive(Serialize)]
#[serde(untagged)]
enum Chunk {
    File(Hashed),
    /// What the disk is read with comes with the list, after it: one request, where each takes a slow phone some milliseconds.
    WithList {
        at: [usize; 2],
    },
}

/// A file under a name made of its bytes.
#[derive(Serialize)]
struct Hashed {
    name: String,
    /// What the browser compares the bytes with.
    integrity: String,
}

fn hashed(stem: &str, extension: &str, bytes: &[u8], dist: &Path) -> Result<Hashed> {
    let name = format!("{stem}-{}.{extension}", files::revision(bytes));
    files::write(&dist.join(&name), bytes)?;
    Ok(Hashed { name, integrity: format!("sha256-{}", BASE64.encode(Sha256::digest(bytes))) })
}

/// Has the loader of a chunk look for it in the list.
fn listed(loaders: &str, plain: &str) -> Result<String> {
    let before = format!("fetch(new URL(\"./{plain}\", import.meta.url))");
    if loaders.matches(&before).count() != 1 {
        bail!("the splitter's script fetches {plain} in another way than it used to");
    }
    Ok(loaders.replace(&before, &format!("chunk(\"{plain}\")")))
}

/// The modules that a phone with something on its disk reads it with: the chunk and all that it shares with others. None in an app
/// that reads nothing.
fn read_with(loaders: &str) -> Vec<String> {
    let Some((_, rest)) = loaders.split_once(READING) else { return Vec::new() };
    let shared = rest.split_once(", [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(shared, _)| shared);
    let shared = shared.split(',').map(|name| format!("{}.wasm", name.trim().trim_start_matches('_')));
    shared.filter(|name| name.starts_with("chunk")).chain([READING.to_owned()]).collect()
}

/// How a chunk is asked for. The list, which no first visit waits for, says where it is now and which bytes it has to have: one of
/// another version would be linked wrongly, so it must be an error instead. The second time a file is not taken from the browser's
/// own store, where the wrong bytes may lie. One after the other, since a slow phone that asks for twenty at once answers no tap
/// meanwhile. The list, with what the disk is read with, is taken from the worker's store while the program is still made ready.
fn asking(Hashed { name, integrity }: &Hashed, length: usize) -> String {
    format!(
        "let turn = Promise.resolve();\n\
         let list;\n\
         function known() {{\n\
         list ??= ask({{ name: \"{name}\", integrity: \"{integrity}\" }}).then(async (answer) => {{\n\
         const bytes = await answer.arrayBuffer();\n\
         return [JSON.parse(new TextDecoder().decode(bytes.slice(0, {length}))), bytes.slice({length})];\n\
         }});\n\
         const mine = list;\n\
         mine.catch(() => {{ if (list === mine) list = undefined; }});\n\
         return mine;\n\
         }}\n\
         const asked = new Set();\n\
         if (navigator.serviceWorker?.controller && !document.querySelector(\"#shell .welcome\")) known();\n\
         async function chunk(plain) {{\n\
         const [all, modules] = await known();\n\
         const {{ at }} = all[plain];\n\
         if (at) return new Response(modules.slice(...at), {{ headers: {{ \"content-type\": \"application/wasm\" }} }});\n\
         turn = turn.then(() => new Promise((soon) => setTimeout(soon)));\n\
         return turn.then(() => ask(all[plain]));\n\
         }}\n\
         function ask({{ name, integrity }}) {{\n\
         const cache = asked.has(name) ? \"reload\" : \"default\";\n\
         asked.add(name);\n\
         const signal = AbortSignal.timeout({CHUNK_TIMEOUT_MILLIS});\n\
         return fetch(new URL(name, import.meta.url), {{ integrity, cache, signal }});\n\
         }}\n"
    )
}

/// One script out of what wasm-bindgen and the splitter wrote, of which the start script needs one function only.
fn glue(name: &str, scratch: &Path) -> Result<String> {
    let entry = scratch.join("glue.js");
    files::write(&entry, format!("export {{ default }} from \"./{name}.js\";"))?;
    // The main module imports from the splitter's script once for every chunk, all of it the same.
    minified(
        &entry,
        &["--bundle", "--format=esm", "--pure:FinalizationRegistry", "--log-override:duplicate-object-key=silent"],
    )
}

/// A script or a style sheet that says the same in fewer bytes.
pub fn minified(from: &Path, args: &[&str]) -> Result<String> {
    let to = from.with_extension(format!("min.{}", from.extension().unwrap_or_default().display()));
    let mut command = shell::command("xtask/esbuild/node_modules/.bin/esbuild", &["--minify", "--log-level=warning"]);
    command.args(args).arg(from).arg(format!("--outfile={}", to.display()));
    shell::run_command(&mut command)?;
    files::read_text(&to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_is_looked_for_in_the_list() {
        let before = "const src = fetch(new URL(\"./split_a.wasm\", import.meta.url));";
        assert_eq!(listed(before, "split_a.wasm").unwrap(), "const src = chunk(\"split_a.wasm\");");
        let loaders = "a = makeLoad(() => { fetch(new URL(\"./split_reading.wasm\", import.meta.url)) }, [__chunk_9, __chunk_18]); b(x, [__chunk_1])";
        assert_eq!(read_with(loaders), ["chunk_9.wasm", "chunk_18.wasm", READING]);
        assert!(read_with("").is_empty());
        assert!(listed("import(\"./split_a.wasm\")", "split_a.wasm").is_err());
    }
}
