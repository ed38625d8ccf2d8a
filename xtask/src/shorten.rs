//! Takes from a bound module and its script what only their writers need: the long names by which they know each other, half
//! of each a hash that packs to nothing less, the classes that nobody can make, and in which file of the source a panic was. 9 KB of a
//! first visit.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{DataSection, ExportSection, ImportSection, Module};
use wasmparser::{Data, Export, Import, Imports, Parser};

/// The streams of server functions, which `leptos` brings along. Their exports keep all that they need in the module.
const UNMADE: [&str; 3] = ["IntoUnderlyingByteSource", "IntoUnderlyingSink", "IntoUnderlyingSource"];

/// The names of one module and its script, old and new.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn shorter<'a>(&mut self, name: &'a str) -> Cow<'a, str> {
        if !name.starts_with("__wb") && !name.starts_with("wasm_bindgen__convert__") {
            return Cow::Borrowed(name);
        }
        let next = format!("_{}", self.0.len());
        Cow::Owned(self.0.entry(name.to_owned()).or_insert(next).clone())
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_imports(&mut self, section: &mut ImportSection, imports: Imports<'_>) -> Result<(), Error> {
        let Imports::Single(at, import) = imports else { return utils::parse_imports(self, section, imports) };
        let name = self.shorter(import.name);
        utils::parse_imports(self, section, Imports::Single(at, Import { name: &name, ..import }))
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error> {
        let is_unmade = |class: &str| export.name.trim_start_matches("__wbg_").starts_with(&class.to_lowercase());
        if UNMADE.iter().any(|class| is_unmade(class)) {
            return Ok(());
        }
        let name = self.shorter(export.name);
        utils::parse_export(self, exports, Export { name: &name, ..export })
    }

    fn parse_data(&mut self, section: &mut DataSection, datum: Data<'_>) -> Result<(), Error> {
        utils::parse_data(self, section, Data { data: &without_sources(datum.data), ..datum })
    }
}

/// Puts blanks where a panic would name a file of the source. Its line and its message stay.
fn without_sources(data: &[u8]) -> Vec<u8> {
    const END: &[u8] = b".rs";
    const STARTS: [&[u8]; 4] = [b"index.crates.io-", b"/rustc/", b"crates/", b"src/"];
    let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let mut out = data.to_vec();
    for end in (END.len()..=data.len()).filter(|end| data[..*end].ends_with(END)) {
        let run = data[..end].iter().rposition(|byte| !is_path(byte)).map_or(0, |before| before + 1);
        let start = (run..end).find(|at| STARTS.iter().any(|start| data[*at..end].starts_with(start)));
        if let Some(start) = start {
            out[start..end].fill(b' ');
        }
    }
    out
}

/// The same module and script with shorter names for what they share.
pub fn shortened(module: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    if let Some(class) = UNMADE.iter().find(|class| script.contains(&format!("{class}.__wrap"))) {
        bail!("the app makes a {class} now: leave it in, in xtask/src/shorten.rs");
    }
    let mut names = Names::default();
    let mut shorter = Module::new();
    names.parse_core_module(&mut shorter, Parser::new(0), module).context("reading the bound module")?;
    Ok((shorter.finish(), names.in_script(script)))
}

impl Names {
    fn in_script(&self, script: &str) -> String {
        // It makes a class worth keeping, though nobody uses it.
        let is_kept = |line: &&str| !line.starts_with("if (Symbol.dispose) ");
        let lines = script.lines().filter(is_kept).collect::<Vec<_>>().join("\n");
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let (mut out, mut rest) = (String::with_capacity(lines.len()), lines.as_str());
        while let Some(start) = rest.find(is_name) {
            let end = rest[start..].find(|c| !is_name(c)).map_or(rest.len(), |length| start + length);
            let name = &rest[start..end];
            out.push_str(&rest[..start]);
            out.push_str(self.0.get(name).map_or(name, String::as_str));
            rest = &rest[end..];
        }
        out + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, EntityType, ExportKind, Function, FunctionSection, TypeSection};

    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./a.js", "__wbg_log_0123456789abcdef", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut exports = ExportSection::new();
        exports.export("__wbg_intounderlyingsink_free", ExportKind::Func, 1);
        exports.export("main", ExportKind::Func, 2);
        let mut code = CodeSection::new();
        let mut nothing = Function::new([]);
        nothing.instructions().end();
        code.function(&nothing).function(&nothing);
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn both_sides_know_the_same_names_and_nothing_else_changes() {
        let script = "import { __wbg_log_0123456789abcdef as log } from 'b';\n\
                      if (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;\n\
                      wasm.main(__wbg_log_0123456789abcdefg);";
        let (module, script) = shortened(&module(), script).unwrap();
        assert_eq!(script, "import { _0 as log } from 'b';\nwasm.main(__wbg_log_0123456789abcdefg);");
        let text = String::from_utf8_lossy(&module).into_owned();
        assert!(text.contains("_0") && text.contains("main"));
        assert!(!text.contains("__wbg") && !text.contains("underlying"));
    }

    #[test]
    fn only_names_of_sources_go() {
        let data = "Svær \u{1}crates/plan/src/set.rsslot\u{0}/rustc/0f/library/alloc/src/sync.rsindex.crates.io-1/a-0.1/src/b.rs!";
        let sources = "crates/plan/src/set.rs";
        let mut blank = data.replace(sources, &" ".repeat(sources.len()));
        let (start, end) = (blank.find("/rustc").unwrap(), blank.find('!').unwrap());
        blank.replace_range(start..end, &" ".repeat(end - start));
        assert_eq!(without_sources(data.as_bytes()), blank.as_bytes());
        for other in ["https://min-plan.rs", "src/plan", "a.rs"] {
            assert_eq!(without_sources(other.as_bytes()), other.as_bytes());
        }
    }

    #[test]
    fn what_is_made_is_not_taken_out() {
        assert!(shortened(&module(), "return IntoUnderlyingSink.__wrap(ret);").is_err());
    }
}
