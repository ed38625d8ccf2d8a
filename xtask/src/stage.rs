//! From what the linker wrote to the folder that the server embeds.
//!
//! Hashed names come from the final bytes, so nothing is changed after it has got its name: first the bundle of modules and
//! script, then the start script that names both, then the pages, then the list of the service worker.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde_json::json;

use crate::app::App;
use crate::bundle::{self, Bundle};
use crate::files;

/// What is worth compressing; pictures, films and woff2 fonts already are.
const COMPRESSIBLE: &[&str] = &["html", "css", "js", "wasm", "svg", "json", "bin", "webmanifest", "txt", "vtt"];
/// What the young person's app needs offline. Icons are fetched by the system at installation.
const PRECACHED: &[&str] = &["css", "js", "wasm", "bin", "woff2", "webmanifest"];

/// Where the films are, with their posters, captions and list: asked for by whoever wants to see one, and part of no visit.
pub const FILMS: &str = "films/";

/// What is drawn before the program is there on a phone that has a plan, and under every address but the first.
const FRAME: &str = "frame.html";

/// How the file begins with the style that no first visit needs.
pub const LATER: &str = "later-";

/// A program that has not come after this long is asked for again. A network has to be very slow to need it.
const PROGRAM_TIMEOUT_MILLIS: u32 = 120_000;

/// What the first screen says.
const WELCOME: [&str; 12] = [
    "welcome_title",
    "hard_now",
    "consent_before",
    "welcome_lead",
    "language_english",
    "welcome_has_code",
    "welcome_begin",
    "hard_title",
    "hard_hide",
    "hard_breathe",
    "hard_nearest",
    "hard_childline",
];

/// And what the frame of a page says, in both languages.
const BEFORE_THE_PROGRAM: [&str; 6] =
    ["hard_now", "try_again", "hard_title", "hard_hide", "hard_breathe", "hard_nearest"];

pub fn stage(app: &App) -> Result<()> {
    let dist = app.dist();
    files::fresh(&dist)?;
    if app.has_public {
        copy(&files::root().join("public"), &dist)?;
    }
    let page = files::read_text(&files::root().join(app.page))?;
    if page.contains("<script") {
        return Err(anyhow!("the Content-Security-Policy allows no inline script, and {} has one", app.page));
    }

    let bundle = bundle::bundle(app.name, &app.linked()?, &app.scratch(), &dist)?;
    let start = start_script(app, &bundle, later_style(app)?.as_deref());
    let start_name = format!("start-{}.js", files::revision(start.as_bytes()));
    files::write(&dist.join(&start_name), &start)?;

    // What is drawn first does not wait for it, and whoever plans the network by priorities is told so.
    let head = format!(
        "<style>{}</style>\n<script type=\"module\" fetchpriority=\"low\" src=\"{}{start_name}\"></script></head>",
        style(app, app.styles)?,
        app.public_url
    );
    for (name, page) in pages(&page)? {
        let page = without_trunk(&without(&page, "<!--", "-->"));
        let page = replaced(&page, "</head>", &head).with_context(|| format!("filling {}", app.page))?;
        files::write(&dist.join(name), &page)?;
    }

    if app.has_public {
        check_welcome(&dist)?;
        fill_service_worker(&dist)?;
    }
    compress(&dist)
}

/// Fetches the wasm while the script that binds it is on its way. A preload in the page does not do: WebKit does not take what
/// was preloaded for a `fetch` and loads the largest file of a first visit twice. All else waits for the first screen to be drawn,
/// though not for long: a page in the background is not. Where a worker has it all, nothing waits. What is compiled starts by itself,
/// so that a slow phone can answer in between. What did not come is asked for once more, in whatever type it is sent, and then with
/// the next tap, which stands in the address, or with the network.
fn start_script(app: &App, bundle: &Bundle, later_style: Option<&str>) -> String {
    let url = app.public_url;
    let style = later_style.map_or_else(String::new, |name| {
        format!(
            "const style = document.createElement(\"link\");\n\
             style.rel = \"stylesheet\";\n\
             style.href = \"{url}{name}\";\n\
             document.head.append(style);\n"
        )
    });
    let Bundle { wasm, script, .. } = bundle;
    format!(
        "const ask = () => fetch(\"{url}{wasm}\", {{ signal: AbortSignal.timeout?.({PROGRAM_TIMEOUT_MILLIS}) }});\n\
         const asked = ask();\n\
         asked.catch(() => {{}});\n\
         if (!navigator.serviceWorker?.controller) {{\n\
         await new Promise((soon) => (requestAnimationFrame(() => setTimeout(soon)), setTimeout(soon, 99)));\n\
         }}\n\
         {style}\
         try {{\n\
         const glue = await import(\"{url}{script}\");\n\
         const compiled = WebAssembly.compileStreaming(asked);\n\
         const module = await compiled.catch(async () => WebAssembly.compile(await (await ask()).arrayBuffer()));\n\
         await new Promise((soon) => setTimeout(soon));\n\
         await glue.default({{ module_or_path: module }});\n\
         }} catch (error) {{\n\
         const again = () => location.reload();\n\
         addEventListener(\"hashchange\", again);\n\
         addEventListener(\"online\", again);\n\
         throw error;\n\
         }}\n"
    )
}

/// A page as it is, or the two that are in it: what a new phone sees first, and what any other does.
fn pages(page: &str) -> Result<Vec<(&'static str, String)>> {
    let Some((before, rest)) = page.split_once("<!-- welcome -->") else {
        return Ok(vec![("index.html", page.to_owned())]);
    };
    let parts = rest.split_once("<!-- frame -->").and_then(|(welcome, rest)| {
        let (frame, both) = rest.split_once("<!-- both")?;
        Some((welcome, frame, both.split_once("-->")?.1))
    });
    let (welcome, frame, both) =
        parts.ok_or_else(|| anyhow!("the page has a welcome, and then no frame or nothing for both"))?;
    Ok(vec![("index.html", format!("{before}{welcome}{both}")), (FRAME, format!("{before}{frame}{both}"))])
}

/// The words before the program stand in the pages and in `locales/`, and must be the same.
fn check_welcome(dist: &Path) -> Result<()> {
    for (page, locale, keys) in [
        ("index.html", "locales/da.json", &WELCOME[..]),
        (FRAME, "locales/da.json", &BEFORE_THE_PROGRAM),
        (FRAME, "locales/en.json", &BEFORE_THE_PROGRAM),
    ] {
        let words = files::read_text(&dist.join(page))?;
        let texts: serde_json::Value = serde_json::from_str(&files::read_text(&files::root().join(locale))?)?;
        for key in keys {
            let text = texts[key].as_str().ok_or_else(|| anyhow!("{locale} has no {key}"))?;
            if !words.contains(&format!(">{text}</")) {
                return Err(anyhow!("{page} does not say {key} as the program does: {text}"));
            }
        }
    }
    Ok(())
}

/// Drops the lines that only Trunk reads, for the loop of development.
fn without_trunk(page: &str) -> String {
    joined(page.lines().filter(|line| !line.contains("<link data-trunk")))
}

/// The style that no first visit needs, in a file that is called after it; what it is called.
fn later_style(app: &App) -> Result<Option<String>> {
    if app.later_styles.is_empty() {
        return Ok(None);
    }
    let style = style(app, app.later_styles)?;
    let name = format!("{LATER}{}.css", files::revision(style.as_bytes()));
    files::write(&app.dist().join(&name), style)?;
    Ok(Some(name))
}

/// One style sheet: tokens, base, then the rest in name order.
fn style(app: &App, folders: &[&str]) -> Result<String> {
    let mut sheets = Vec::new();
    for folder in folders {
        let folder = files::root().join(folder);
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        let mut found: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        found.retain(|path| files::has_extension(path, &["css"]));
        found.sort_by_key(|path| {
            let name = files::shown(path, &folder);
            (name != "tokens.css", name != "base.css", name)
        });
        sheets.extend(found);
    }
    let mut bundle = String::new();
    for sheet in sheets {
        bundle.push_str(&files::read_text(&sheet)?);
    }
    let path = app.scratch().join("style.css");
    files::write(&path, bundle)?;
    bundle::minified(&path, &[])
}

/// Drops what stands between the two marks, and the white space at the ends of lines; what is in quotation marks stays.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        if quote.is_none() && rest.starts_with(open) {
            rest = rest.find(close).map_or("", |end| &rest[end + close.len()..]);
            continue;
        }
        match quote {
            Some(opened) if c == opened => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            _ => {}
        }
        code.push(c);
        rest = &rest[c.len_utf8()..];
    }
    joined(code.lines().map(str::trim).filter(|line| !line.is_empty()))
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.fold(String::new(), |text, line| text + line + "\n")
}

fn fill_service_worker(dist: &Path) -> Result<()> {
    let path = dist.join("sw.js");
    let source = files::read_text(&path)?;
    let page = |url: &str, name: &str| -> Result<serde_json::Value> {
        Ok(json!({ "url": url, "revision": files::revision(&files::read(&dist.join(name))?) }))
    };
    let mut list = vec![page("/", "index.html")?, page("/frame.html", FRAME)?];
    for file in files::below(dist)? {
        let name = files::shown(&file, dist);
        if !is_precached(&name) {
            continue;
        }
        list.push(json!({ "url": format!("/{name}"), "revision": files::revision(&files::read(&file)?) }));
    }
    let list = serde_json::to_string(&list)?;
    // A change to the worker alone is a new version, too.
    let build = files::revision(format!("{source}{list}").as_bytes());
    let filled = replaced(&source, "[/* { url, revision } */]", &list)?;
    let filled = replaced(&filled, "\"development\"", &format!("\"{build}\""))?;
    files::write(&path, filled)
}

fn is_precached(name: &str) -> bool {
    let is_of_app = files::has_extension(Path::new(name), PRECACHED) || name == "favicon.svg";
    is_of_app && name != "sw.js" && !name.starts_with(FILMS)
}

fn replaced(text: &str, placeholder: &str, value: &str) -> Result<String> {
    if text.matches(placeholder).count() != 1 {
        return Err(anyhow!("{placeholder} must be there exactly once"));
    }
    Ok(text.replace(placeholder, value))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files::below(from)? {
        files::write(&to.join(file.strip_prefix(from)?), files::read(&file)?)?;
    }
    Ok(())
}

fn compress(dist: &Path) -> Result<()> {
    for file in files::below(dist)? {
        if files::has_extension(&file, COMPRESSIBLE) {
            let bytes = files::read(&file)?;
            files::write(&with_suffix(&file, "br"), brotli(&bytes)?)?;
            files::write(&with_suffix(&file, "gz"), gzip(&bytes)?)?;
        }
    }
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params =
        brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params).context("brotli")?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_pages_stand_in_one() {
        let both = pages("<head><!-- welcome -->hej<!-- frame -->|||<!-- both: why --></body>").unwrap();
        assert_eq!(both[0], ("index.html", "<head>hej</body>".to_owned()));
        assert_eq!(both[1], (FRAME, "<head>|||</body>".to_owned()));
        assert_eq!(pages("<p>").unwrap(), [("index.html", "<p>".to_owned())]);
        assert!(pages("<!-- welcome -->hej").is_err());
    }

    #[test]
    fn films_are_taken_over_as_they_are_and_no_phone_gets_them_unasked() {
        for of_app in ["ung-0123456789abcdef.wasm", "later-0123456789abcdef.css", "manifest.webmanifest", "favicon.svg"]
        {
            assert!(is_precached(of_app), "{of_app}");
        }
        for other in
            ["sw.js", "index.html", "films/a.mp4", "films/a.webp", "films/a.da.vtt", "films/films.json", "films/a.js"]
        {
            assert!(!is_precached(other), "{other}");
        }
        let folder = std::env::temp_dir().join(format!("min-plan-films-{}", std::process::id()));
        let (public, dist) = (folder.join("public"), folder.join("dist"));
        for (name, bytes) in [("films/a.mp4", "film"), ("films/a.webp", "poster"), ("films/a.da.vtt", "WEBVTT")] {
            files::write(&public.join(name), bytes).unwrap();
        }
        copy(&public, &dist).unwrap();
        compress(&dist).unwrap();
        let names: Vec<_> = files::below(&dist).unwrap().iter().map(|file| files::shown(file, &dist)).collect();
        // Captions are words, which the server sends packed.
        let expected = ["films/a.da.vtt", "films/a.da.vtt.br", "films/a.da.vtt.gz", "films/a.mp4", "films/a.webp"];
        assert_eq!(names, expected);
        assert_eq!(files::read(&dist.join("films/a.mp4")).unwrap(), b"film");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_only_trunk_reads_goes_and_nothing_else_does() {
        let page = "<head>\n  <link data-trunk rel=\"css\" href=\"style/a.css\">\n  <link rel=\"icon\" href=\"/b.svg\">\n</head>\n";
        assert_eq!(without_trunk(page), "<head>\n  <link rel=\"icon\" href=\"/b.svg\">\n</head>\n");
    }

    #[test]
    fn comments_go_and_quoted_text_stays() {
        let css = "/* why */\na {\n  content: \"/* kept */\";\n}\n";
        assert_eq!(without(css, "/*", "*/"), "a {\ncontent: \"/* kept */\";\n}\n");
    }
}
