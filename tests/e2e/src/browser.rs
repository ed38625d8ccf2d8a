//! A browser as a person uses it: look, tap, write, wait for something to be there.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::driver::{self, Engine, Storage};
use crate::process::{self, Started};
use crate::webdriver::{DriverError, Element, Session};

/// Longer than the app itself takes to give up what hangs and to ask for it again; machines are shared, too.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A text as it is read: no eye tells one kind of space from another.
pub fn as_read(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

pub struct Browser {
    pub engine: Engine,
    session: Session,
    driver: Started,
    profile: PathBuf,
    is_open: bool,
}

/// A scenario that fails leaves its browser behind; it must not be there for the next one.
impl Drop for Browser {
    fn drop(&mut self) {
        match self.engine {
            _ if !self.is_open => {}
            // Its family contains the screen, which takes its own lock file away when it is asked to end.
            Engine::Webkit => drop(self.session.delete()),
            Engine::Chromium | Engine::Firefox => process::kill_family(self.driver.id(), &self.profile),
        }
    }
}

impl Browser {
    /// Starts the engine with the given profile; the same folder again is the same phone again.
    pub fn open(engine: Engine, profile: &Path) -> Result<Self> {
        Self::open_with(engine, profile, Storage::Ordinary)
    }

    /// Starts the engine with what it is to let the page keep.
    pub fn open_with(engine: Engine, profile: &Path, storage: Storage) -> Result<Self> {
        let (driver, port) = engine.start_driver()?;
        let session = Session::create(port, &engine.capabilities(profile, storage)?)?;
        session.post("timeouts", &json!({ "script": 60_000, "pageLoad": 60_000, "implicit": 0 }))?;
        Ok(Self { engine, session, driver, profile: profile.to_owned(), is_open: true })
    }

    /// Ends the browser in the way a person closes it.
    pub fn close(mut self) -> Result<()> {
        self.is_open = false;
        self.session.delete().context("closing the browser")
    }

    /// Ends every process of the browser at once, as an empty battery would.
    pub fn kill(mut self) {
        self.is_open = false;
        process::kill_family(self.driver.id(), &self.profile);
    }

    pub fn goto(&self, url: &str) -> Result<()> {
        self.session.post("url", &json!({ "url": url })).with_context(|| format!("going to {url}")).map(drop)
    }

    /// Reloads as a person does. The drivers' own command goes past the service worker in Firefox.
    pub fn reload(&self) -> Result<()> {
        self.execute("window.isLeaving = true; setTimeout(() => location.reload(), 0)", &[])?;
        let reloaded = "return !window.isLeaving && document.readyState === 'complete'";
        self.wait_until("the page after reloading", reloaded).map(drop)
    }

    pub fn back(&self) -> Result<()> {
        self.session.post("back", &json!({})).map(drop)
    }

    /// The address of the page, without the origin.
    pub fn path(&self) -> Result<String> {
        let path = self.execute("return location.pathname + location.search + location.hash", &[])?;
        Ok(path.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script as the body of a function and gives what it returns. No policy of the page binds it.
    pub fn execute(&self, script: &str, args: &[Value]) -> Result<Value> {
        self.session.post("execute/sync", &json!({ "script": script, "args": args }))
    }

    /// Runs a script whose last argument is the function to call with the result.
    pub fn execute_async(&self, script: &str, args: &[Value]) -> Result<Value> {
        self.session.post("execute/async", &json!({ "script": script, "args": args }))
    }

    /// Waits until the script, the body of a function, returns something that is not falsy, and gives that.
    ///
    /// The pace is kept in the page; a page that is being left in this moment is asked again.
    pub fn wait_until(&self, what: &str, script: &str) -> Result<Value> {
        self.wait_until_within(TIMEOUT, what, script)
    }

    pub fn wait_until_within(&self, timeout: Duration, what: &str, script: &str) -> Result<Value> {
        let asked = format!(
            "const done = arguments[arguments.length - 1];
             const end = performance.now() + 250;
             const ask = () => {{
               let answer = null;
               try {{ answer = (() => {{ {script} }})(); }} catch (error) {{ answer = null; }}
               if (answer || performance.now() > end) done(answer || null); else setTimeout(ask, 20);
             }};
             ask();"
        );
        let end = Instant::now() + timeout;
        let mut last = None;
        while Instant::now() < end {
            match self.execute_async(&asked, &[]) {
                Ok(Value::Null) => last = None,
                Ok(answer) => return Ok(answer),
                Err(error) if error.is::<DriverError>() => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        let more = last.map(|error| format!(" ({error})")).unwrap_or_default();
        bail!("waited {timeout:?} for {what}{more}{}", self.scene())
    }

    /// What there is to see when something went wrong: a picture, the text, what has the focus, the complaints of the page.
    pub fn scene(&self) -> String {
        let picture = process::output_folder().join(format!("failure-{}.png", self.engine.name()));
        let pictured = self.screenshot(&picture).map(|()| format!("\n  picture: {}", picture.display()));
        let text = self.text().map(|text| format!("\n  the page says: {}", text.replace('\n', " | ")));
        let complaints = self.complaints().unwrap_or_default();
        let complaints = complaints.iter().map(|line| format!("\n  complaint: {line}"));
        let path = self.path().map(|path| format!("\n  at: {path}"));
        let focus = self.execute(FOCUS, &[]).map(|focus| format!("\n  the focus: {focus}"));
        let seen = [path, text, focus, pictured].into_iter().flatten();
        seen.chain(complaints).collect()
    }

    /// The element that the selector finds first, once there is one.
    pub fn find(&self, css: &str) -> Result<Element> {
        let script = format!("return document.querySelector({})", json!(css));
        let found = self.wait_until(css, &script)?;
        Element::from_json(&found).ok_or_else(|| anyhow!("{css} is not an element"))
    }

    pub fn has(&self, css: &str) -> Result<bool> {
        Ok(self.execute("return document.querySelector(arguments[0]) !== null", &[json!(css)])? == json!(true))
    }

    /// What a person sees with exactly this text or name, once it is there; controls come before plain text.
    pub fn find_text(&self, text: &str) -> Result<Element> {
        let found = self.wait_until(&format!("“{text}”"), &format!("const wanted = {};{FIND_TEXT}", json!(text)))?;
        Element::from_json(&found).ok_or_else(|| anyhow!("“{text}” is not an element"))
    }

    /// The field with this label.
    pub fn find_field(&self, label: &str) -> Result<Element> {
        let found =
            self.wait_until(&format!("the field “{label}”"), &format!("const wanted = {};{FIND_FIELD}", json!(label)))?;
        Element::from_json(&found).ok_or_else(|| anyhow!("“{label}” is not a field"))
    }

    pub fn click(&self, element: &Element) -> Result<()> {
        self.find_place(element)?;
        self.session.post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Where its middle is on the screen, once it can be tapped and has stood still between two looks: a line that comes above it
    /// moves it away from under a finger, and what is tapped then is something else.
    fn find_place(&self, element: &Element) -> Result<Value> {
        // In the middle of the screen nothing that is fixed to an edge lies over it.
        let place = "arguments[0].scrollIntoView({ block: 'center', inline: 'nearest' });
            const box = arguments[0].getBoundingClientRect();
            const isThere = getComputedStyle(arguments[0]).pointerEvents !== 'none';
            return isThere ? [box.x + box.width / 2, box.y + box.height / 2].map(Math.round) : null";
        let mut at = Value::Null;
        process::wait(TIMEOUT, || {
            let before = std::mem::replace(&mut at, self.execute(place, &[element.to_json()])?);
            Ok(!at.is_null() && at == before)
        })?;
        Ok(at)
    }

    /// What on this page has moved since it was loaded, without anybody having touched it. Only Chromium tells.
    pub fn list_moved(&self) -> Result<Option<Vec<String>>> {
        if self.engine != Engine::Chromium {
            return Ok(None);
        }
        let script = "const done = arguments[arguments.length - 1];
            new PerformanceObserver((list) => done(list.getEntries().flatMap(({ sources }) => sources)
              .map(({ node, previousRect, currentRect }) => `${node?.innerText}: ${previousRect.y} to ${currentRect.y}`)))
              .observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => done([]), 200);";
        Ok(Some(serde_json::from_value(self.execute_async(script, &[])?)?))
    }

    /// Two quick clicks, or taps, in the place where this is.
    pub fn double_click(&self, element: &Element) -> Result<()> {
        let at = self.find_place(element)?;
        let mut actions = vec![json!({ "type": "pointerMove", "duration": 0, "x": at[0], "y": at[1] })];
        for _ in 0..2 {
            actions.extend(["pointerDown", "pointerUp"].map(|kind| json!({ "type": kind, "button": 0 })));
            actions.push(json!({ "type": "pause", "duration": 60 }));
        }
        let body = json!({ "actions": [{ "type": "pointer", "id": "finger", "actions": actions }] });
        self.session.post("actions", &body).map(drop)
    }

    pub fn click_text(&self, text: &str) -> Result<()> {
        self.retry(|| self.click(&self.find_text(text)?)).with_context(|| format!("tapping “{text}”"))
    }

    /// Taps what may go by itself in this very moment, if it is there still.
    pub fn click_if_there(&self, text: &str) -> Result<()> {
        let found = self.execute(&format!("const wanted = {};{FIND_TEXT}", json!(text)), &[])?;
        match Element::from_json(&found).map(|element| self.click(&element)) {
            Some(Err(error)) if !error.is::<DriverError>() => Err(error),
            _ => Ok(()),
        }
    }

    pub fn click_css(&self, css: &str) -> Result<()> {
        self.retry(|| self.click(&self.find(css)?)).with_context(|| format!("tapping {css}"))
    }

    pub fn type_into(&self, element: &Element, text: &str) -> Result<()> {
        self.session.post(&format!("element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// Puts a value in a field and tells the page, as a picker does.
    pub fn set_value(&self, field: &Element, value: &str) -> Result<()> {
        let script = "const [field, value] = arguments;
             field.focus(); field.value = value;
             for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));
             field.blur();";
        self.execute(script, &[field.to_json(), json!(value)]).map(drop)
    }

    pub fn clear(&self, element: &Element) -> Result<()> {
        self.session.post(&format!("element/{}/clear", element.0), &json!({})).map(drop)
    }

    /// Presses keys where the focus is, one after the other: `"\u{e004}"` is Tab, `"\u{e007}"` Enter, `"\u{e00c}"` Escape.
    pub fn keys(&self, keys: &str) -> Result<()> {
        let press = |key: char| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let actions: Vec<Value> = keys.chars().flat_map(press).collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.session.post("actions", &body).map(drop)
    }

    /// On to the next stop.
    pub fn tab(&self) -> Result<()> {
        self.keys("\u{e004}")
    }

    /// Back to the stop before.
    pub fn back_tab(&self) -> Result<()> {
        let key = |kind: &str, key: &str| json!({ "type": kind, "value": key });
        let (shift, tab) = ("\u{e008}", "\u{e004}");
        let actions = [key("keyDown", shift), key("keyDown", tab), key("keyUp", tab), key("keyUp", shift)];
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.session.post("actions", &body).map(drop)
    }

    /// Waits until the sheet that lies over the page is gone.
    pub fn wait_for_no_sheet(&self) -> Result<()> {
        self.wait_until("the sheet to close", "return !document.querySelector('dialog')").map(drop)
    }

    /// All the text that the page shows.
    pub fn text(&self) -> Result<String> {
        let text = self.execute("return document.body ? document.body.innerText : ''", &[])?;
        Ok(as_read(text.as_str().unwrap_or_default()))
    }

    pub fn wait_for_text(&self, text: &str) -> Result<()> {
        let script = format!("return document.body.innerText.replaceAll('\u{a0}', ' ').includes({})", json!(text));
        self.wait_until(&format!("“{text}”"), &script).map(drop)
    }

    pub fn screenshot(&self, to: &Path) -> Result<()> {
        let picture = self.session.get("screenshot")?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(picture.as_str().unwrap_or_default())?;
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(to, bytes).with_context(|| format!("writing {}", to.display()))
    }

    /// Opens another tab and goes on there; gives the name of the one that was left.
    pub fn open_tab(&self) -> Result<String> {
        // MiniBrowser leaves a new tab in the background, where nothing can be pressed.
        self.open_new(if self.engine == Engine::Webkit { "window" } else { "tab" })
    }

    /// Opens a window beside this one and goes on there; gives the name of the one that was left, which stays in sight.
    pub fn open_window(&self) -> Result<String> {
        self.open_new("window")
    }

    fn open_new(&self, kind: &str) -> Result<String> {
        let before = self.this_tab()?;
        let new = self.session.post("window/new", &json!({ "type": kind }))?;
        self.switch_to(new["handle"].as_str().unwrap_or_default())?;
        Ok(before)
    }

    pub fn this_tab(&self) -> Result<String> {
        Ok(self.session.get("window")?.as_str().unwrap_or_default().to_owned())
    }

    /// Closes the tab that is spoken to; another must be switched to next.
    pub fn close_tab(&self) -> Result<()> {
        self.session.close_window()
    }

    pub fn switch_to(&self, tab: &str) -> Result<()> {
        self.session.post("window", &json!({ "handle": tab })).map(drop)
    }

    /// The text of the only file that the page has given, once it is there whole.
    pub fn wait_for_file(&self) -> Result<String> {
        let folder = driver::downloads(&self.profile);
        let mut found = String::new();
        let is_there = process::wait(TIMEOUT, || {
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "txt") {
                    found = std::fs::read_to_string(&path)?;
                }
            }
            Ok(!found.is_empty())
        })?;
        if !is_there {
            bail!("the page has given no file{}", self.scene());
        }
        Ok(found)
    }

    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.session.post("window/rect", &json!({ "width": width, "height": height })).map(drop)
    }

    /// A command of the Chrome DevTools Protocol; only Chromium knows it.
    pub fn devtools(&self, command: &str, params: &Value) -> Result<Value> {
        if self.engine != Engine::Chromium {
            bail!("{command} needs Chromium");
        }
        self.session.post("goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// What the page has complained about since the last call: errors and refused content. Only Chromium tells.
    pub fn complaints(&self) -> Result<Vec<String>> {
        if self.engine != Engine::Chromium {
            return Ok(Vec::new());
        }
        let entries = self.session.post("se/log", &json!({ "type": "browser" }))?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let severe = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        Ok(severe.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect())
    }

    pub fn capabilities(&self) -> &Value {
        &self.session.capabilities
    }

    /// A screen may be drawn anew between finding and using; what was found is then looked for again.
    fn retry(&self, mut action: impl FnMut() -> Result<()>) -> Result<()> {
        const PASSING: &[&str] = &["stale element reference", "element click intercepted", "element not interactable"];
        let end = Instant::now() + TIMEOUT;
        loop {
            let Err(error) = action() else { return Ok(()) };
            let passing =
                error.downcast_ref::<DriverError>().is_some_and(|error| PASSING.contains(&error.kind.as_str()));
            if !passing || Instant::now() > end {
                return Err(error);
            }
        }
    }
}

const FOCUS: &str =
    "return (document.hasFocus() ? '' : 'not in the page; ') + document.activeElement?.outerHTML.slice(0, 120)";

const FIND_TEXT: &str = r#"
  const shown = (element) => element.getClientRects().length > 0;
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const reads = (element) => [element.getAttribute("aria-label"), element.innerText].map(plain).includes(wanted);
  const all = (css) => [...document.querySelectorAll(css)].filter((element) => shown(element) && reads(element));
  const controls = all("button, a[href], summary, label, [role=button], [role=tab], option");
  return controls.at(-1) ?? all("body *").at(-1) ?? null;
"#;

const FIND_FIELD: &str = r#"
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const fields = [...document.querySelectorAll("input, textarea, select")];
  const names = (field) => [field.getAttribute("aria-label"), ...[...(field.labels ?? [])].map((label) => label.innerText),
    ...(field.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.innerText)];
  return fields.find((field) => field.getClientRects().length > 0 && names(field).map(plain).includes(wanted)) ?? null;
"#;
