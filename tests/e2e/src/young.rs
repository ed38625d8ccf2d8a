//! The young person: opens pages by tapping, writes, moves, deletes, says yes and no.

use std::fmt::Write as _;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use plan::Record;
use serde_json::json;

use crate::browser::Browser;
use crate::driver::Engine;
use crate::proxy::Recorded;
use crate::webdriver::Element;
use crate::world::World;

pub const SAVED: &str = "Gemt på din telefon";

/// What is known of the young person who says yes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Age {
    Thirteen,
    Sixteen,
}

/// A no that was tapped.
pub struct No {
    pub to: String,
    /// The identity of the yes that it takes back.
    pub consent: String,
    /// When the page got the tap.
    pub at: Instant,
}

impl No {
    /// Whether this is the request that tells the server of it.
    pub fn is_told_by(&self, request: &Recorded) -> bool {
        request.path == format!("/api/v1/consents/{}/withdraw", self.consent)
    }
}

/// A browser in the young person's hands.
pub struct Young {
    pub browser: Browser,
    origin: String,
}

impl Young {
    pub fn new(browser: Browser, origin: &str) -> Self {
        Self { browser, origin: origin.to_owned() }
    }

    /// Opens an address from outside, as a link in a message does.
    pub fn goto(&self, path: &str) -> Result<()> {
        self.browser.goto(&format!("{}{path}", self.origin))?;
        self.wait_for_page()
    }

    pub fn wait_for_page(&self) -> Result<()> {
        self.browser
            .wait_until(
                "a page",
                "return !document.getElementById('shell') && document.querySelector('main, dialog, .calm')",
            )
            .map(drop)
    }

    /// Goes to a place in the app by tapping its link, after opening what it is folded into.
    pub fn tap(&self, path: &str) -> Result<()> {
        let css = format!("a[href='{path}']");
        self.find_shown(&css)?;
        self.browser.click_css(&css)?;
        let there = format!("return location.pathname === {}", json!(path));
        self.browser.wait_until(&format!("the page {path}"), &there).map(drop)
    }

    /// Goes to the page Del the way that one finds it.
    pub fn go_to_sharing(&self) -> Result<()> {
        self.tap("/mere")?;
        self.tap("/del")
    }

    fn find_shown(&self, css: &str) -> Result<()> {
        let open = format!(
            "const found = document.querySelector({});
             const folded = found?.closest('details:not([open])');
             if (folded) folded.open = true;
             return found?.getClientRects().length > 0;",
            json!(css)
        );
        self.browser.wait_until(css, &open).map(drop)
    }

    /// Answers the three first questions: words, or nothing to skip one.
    pub fn answer_welcome(&self, answers: [&str; 3]) -> Result<()> {
        self.wait_for_page()?;
        self.browser.click_text("Kom i gang")?;
        for (at, answer) in answers.into_iter().enumerate() {
            self.browser.wait_for_text(&format!("Spørgsmål {} af 3", at + 1))?;
            if answer.is_empty() {
                self.browser.click_text("Spring over")?;
                continue;
            }
            let field = self.browser.find(".composer textarea")?;
            self.browser.click(&field)?;
            self.browser.type_into(&field, answer)?;
            self.browser.wait_for_text(SAVED)?;
            self.browser.click_text("Videre")?;
        }
        self.browser.wait_until("the plan", "return location.pathname === '/plan'").map(drop)
    }

    /// Opens a section from its page, such as `/plan/g_tegn`.
    pub fn open_sheet(&self, path: &str) -> Result<()> {
        let page = path.rsplit_once('/').map_or("", |(page, _)| page);
        let there = self.browser.path()?;
        if there != page && self.browser.has("nav.bar")? {
            self.tap(page)?;
        }
        self.tap(path)?;
        self.wait_for_sheet()
    }

    pub fn wait_for_sheet(&self) -> Result<()> {
        // Once it stands still: what is pressed while it comes is something else than what was found.
        let stands = "const sheet = document.querySelector('dialog[open]');
            return sheet?.querySelector('h2') && sheet.getAnimations().every((it) => it.playState !== 'running')";
        self.browser.wait_until("the sheet", stands).map(drop)
    }

    pub fn close_sheet(&self) -> Result<()> {
        self.browser.click_text("Færdig")?;
        self.browser.wait_for_no_sheet()
    }

    /// Writes something new in the open sheet, and leaves the field.
    pub fn write(&self, text: &str) -> Result<()> {
        let field = self.browser.find("dialog .composer textarea")?;
        self.browser.click(&field)?;
        self.browser.type_into(&field, text)?;
        self.leave_field()?;
        self.wait_for_entry(text)
    }

    /// Opens a section, writes each of the texts as an entry of its own, and closes it.
    pub fn write_all(&self, path: &str, texts: &[&str]) -> Result<()> {
        self.open_sheet(path)?;
        for text in texts {
            self.write(text).with_context(|| format!("writing in {path}"))?;
        }
        self.wait_for_saved()?;
        self.close_sheet()
    }

    /// A section that is not for this young person is hidden.
    pub fn hide_section(&self, path: &str) -> Result<()> {
        self.open_sheet(path)?;
        self.browser.click_text("Navn og visning")?;
        self.browser.click_text("Skjul")?;
        self.browser.wait_for_no_sheet()
    }

    /// Leaves the field that is being written in.
    pub fn leave_field(&self) -> Result<()> {
        if self.browser.engine == Engine::Webkit {
            // Its driver's Tab does not always reach the page.
            return self.browser.execute("document.activeElement.blur()", &[]).map(drop);
        }
        self.browser.tab()
    }

    /// Takes operations back from a file, as after "Gem som fil", and waits until they are on the disk.
    pub fn take_back(&self, records: &[Record]) -> Result<()> {
        let folder = tempfile::Builder::new().prefix("min-plan-e2e-").tempdir()?;
        let file = folder.path().join("min-plan.txt");
        let mut text = "--- min-plan-1 ---\n".to_owned();
        for record in records {
            writeln!(text, "{}", record.raw())?;
        }
        std::fs::write(&file, text)?;
        self.goto("/mere")?;
        let input = self.browser.find("input[type=file]")?;
        self.browser.type_into(&input, file.to_str().context("the file has a strange name")?)?;
        self.browser.wait_for_text("Nu er det hele her igen.")?;
        let script = "const done = arguments[arguments.length - 1];
            const request = indexedDB.open('min-plan');
            request.onsuccess = () => {
              const count = request.result.transaction('ops').objectStore('ops').count();
              count.onsuccess = () => { request.result.close(); done(count.result); };
            };";
        let on_disk = self.browser.execute_async(script, &[])?.as_u64().unwrap_or_default();
        ensure!(on_disk >= records.len() as u64, "{on_disk} of {} operations are on the disk", records.len());
        Ok(())
    }

    pub fn wait_for_entry(&self, text: &str) -> Result<()> {
        let there = format!("{ENTRIES} return entries().includes({})", json!(text));
        self.browser.wait_until(&format!("the entry “{text}”"), &there).map(drop)
    }

    pub fn wait_for_saved(&self) -> Result<()> {
        let saved = format!(
            "return [...document.querySelectorAll('.saved')].some((line) => line.innerText.trim() === {})",
            json!(SAVED)
        );
        self.browser.wait_until(&format!("“{SAVED}”"), &saved).map(drop)
    }

    /// What is written in the open sheet, from the top.
    pub fn entries(&self) -> Result<Vec<String>> {
        let found = self.browser.execute(&format!("{ENTRIES} return entries()"), &[])?;
        Ok(serde_json::from_value(found)?)
    }

    /// The entries once they are exactly these.
    pub fn wait_for_entries(&self, texts: &[&str]) -> Result<()> {
        let same = format!("{ENTRIES} return JSON.stringify(entries()) === JSON.stringify({})", json!(texts));
        self.browser.wait_until(&format!("the entries {texts:?}"), &same).map(drop)
    }

    /// The field of the entry with these words.
    pub fn find_entry(&self, text: &str) -> Result<Element> {
        let found = self.browser.wait_until(
            &format!("the field with “{text}”"),
            &format!(
                "return [...document.querySelectorAll('dialog .entry textarea')].find((a) => a.value === {})",
                json!(text)
            ),
        )?;
        Element::from_json(&found).context("not a field")
    }

    /// Writes other words in the place of these.
    pub fn edit(&self, from: &str, to: &str) -> Result<()> {
        let field = self.find_entry(from)?;
        self.browser.click(&field)?;
        // The key for it is another one in each engine.
        self.browser.execute("arguments[0].select()", &[field.to_json()])?;
        self.browser.keys(to)?;
        self.leave_field()?;
        self.wait_for_entry(to)
    }

    /// Presses one of an entry's own buttons: “Flyt op”, “Flyt ned”, “Slet”.
    pub fn press_at(&self, text: &str, button: &str) -> Result<()> {
        self.browser.click(&self.find_at(text, &format!("[aria-label='{button}']"))?)
    }

    /// What the selector finds first in the entry with these words.
    pub fn find_at(&self, text: &str, css: &str) -> Result<Element> {
        let script = format!(
            "const field = [...document.querySelectorAll('dialog .entry textarea')].find((a) => a.value === {});
             return field?.closest('.entry').querySelector({})",
            json!(text),
            json!(css)
        );
        let found = self.browser.wait_until(&format!("{css} at “{text}”"), &script)?;
        Element::from_json(&found).context("not an element")
    }

    /// Puts a value in a date, time or text field. Each engine's driver types dates in a way of its own, so this sets the
    /// value and tells the page, as the phone's date picker does.
    pub fn set_field(&self, css: &str, value: &str) -> Result<()> {
        self.find_shown(css)?;
        let field = self.browser.find(css)?;
        self.browser.set_value(&field, value)
    }

    /// Adds somebody to the meeting, in the open sheet of people.
    pub fn invite_to_meeting(&self, name: &str, kind: &str) -> Result<()> {
        self.browser.click_text(kind)?;
        self.write(name)
    }

    /// Types a code and looks who it is from.
    pub fn enter_code(&self, code: &str) -> Result<()> {
        self.goto("/del/kode")?;
        let field = self.browser.find("input[name=code]")?;
        self.browser.click(&field)?;
        self.browser.type_into(&field, code)?;
        self.browser.click_text("Se, hvem den er fra")
    }

    /// Ticks the parts, by their names in the wire format, and gives the day of birth where it is asked for.
    pub fn tick(&self, parts: &[&str], age: Age) -> Result<()> {
        for part in parts {
            let tick = format!(
                "const input = document.querySelector('input[name={part}]'); return input?.closest('label') ?? null"
            );
            let found = self.browser.wait_until(part, &tick)?;
            self.browser.click(&Element::from_json(&found).context("not a label")?)?;
        }
        if self.browser.has("input[name=birth]")? {
            self.set_field("input[name=birth]", &self.birthday(age)?)?;
        }
        Ok(())
    }

    fn birthday(&self, age: Age) -> Result<String> {
        let years = if age == Age::Thirteen { 13 } else { 16 };
        let year = self.browser.execute("return new Date().getFullYear()", &[])?;
        let year = year.as_u64().or_else(|| Some(year.as_f64()? as u64)).context("no year")?;
        Ok(format!("{}-01-02", year - years))
    }

    /// Says yes to who is behind the code, for these parts, as somebody who needs no other yes.
    pub fn say_yes(&self, code: &str, parts: &[&str]) -> Result<()> {
        self.enter_code(code)?;
        self.tick(parts, Age::Sixteen)?;
        self.browser.click_text("Ja, del det")?;
        self.browser.wait_for_text("Du har sagt ja")
    }

    /// From the page Del: says no to somebody who is shared with.
    pub fn say_no(&self, to: &str) -> Result<No> {
        let script = format!(
            "return [...document.querySelectorAll('.consent:not(.ended)')]
               .find((card) => card.querySelector('h2').innerText.trim() === {})?.querySelector('a')",
            json!(to)
        );
        let found = self.browser.wait_until(&format!("the yes to {to}"), &script)?;
        self.browser.click(&Element::from_json(&found).context("not a link")?)?;
        self.browser.find_text(SAY_NO)?;
        let path = self.browser.path()?;
        let consent = path.rsplit('/').next().unwrap_or_default().to_owned();
        self.browser.execute(NOTE_TAP, &[])?;
        self.browser.click_text(SAY_NO)?;
        let tapped = self.browser.wait_until("the tap", "return window.tappedAt")?;
        let ago = SystemTime::now()
            .duration_since(UNIX_EPOCH + Duration::from_secs_f64(tapped.as_f64().context("no time")? / 1_000.0));
        let at = Instant::now().checked_sub(ago.unwrap_or_default()).context("no time")?;
        Ok(No { to: to.to_owned(), consent, at })
    }

    /// Makes another phone one of the young person's, with a code from this one.
    pub fn add_phone(&self, world: &World) -> Result<Self> {
        self.add_phone_at(world, &self.origin)
    }

    /// The same for a phone with a network of its own.
    pub fn add_phone_at(&self, world: &World, origin: &str) -> Result<Self> {
        self.goto("/mere/telefoner")?;
        self.browser.click_text("Lav en kode")?;
        let code = self.browser.wait_until("a code", "return document.querySelector('.big-code')?.innerText.trim()")?;
        let second = Self::new(world.open_other("second")?, origin);
        second.enter_code(code.as_str().unwrap_or_default())?;
        second.browser.click_text("Brug den her telefon")?;
        second.browser.wait_for_text("Telefonen er tilføjet nu.")?;
        Ok(second)
    }

    /// What the phone tells its pages when the network is back. The app tries by itself too, but less and less often.
    pub fn notice_network(&self) -> Result<()> {
        self.browser.execute("window.dispatchEvent(new Event('online'))", &[]).map(drop)
    }

    /// Waits until the app says that everything shared has been sent.
    pub fn wait_until_sent(&self) -> Result<()> {
        self.goto("/del")?;
        self.browser.wait_for_text("Alt det, du deler, er sendt.")
    }

    /// The hard-times page is one tap away and has something to do on it.
    pub fn check_hard_page(&self, from: &str, action: &str) -> Result<()> {
        ensure!(self.browser.has("a[href='/svaert']")?, "{from} has no way to the hard-times page");
        self.browser.click_css("a[href='/svaert']")?;
        self.browser.wait_for_text(action).with_context(|| format!("the hard-times page from {from}"))
    }
}

/// Two phones without a network write in the place of the same words; then the network is back, and both have both.
pub fn edit_apart(world: &mut World, phones: [(&Young, &str); 2], path: &str, before: &str) -> Result<()> {
    let page = path.rsplit_once('/').map_or(path, |(page, _)| page);
    world.go_offline()?;
    for (young, text) in phones {
        young.goto(page)?;
        young.open_sheet(path)?;
        young.edit(before, text)?;
        young.wait_for_saved()?;
    }
    world.go_online()?;
    for (young, _) in phones {
        young.notice_network()?;
        young.browser.wait_for_text("Der er to udgaver")?;
    }
    Ok(())
}

/// Everything is cached and the worker is in charge of the page.
pub fn wait_for_worker(browser: &Browser) -> Result<()> {
    browser
        .wait_until("the service worker", "return navigator.serviceWorker.controller?.state === 'activated'")
        .map(drop)
}

const SAY_NO: &str = "Jeg siger nej nu";

/// Notes when the next tap comes, before the app hears of it.
const NOTE_TAP: &str = "window.tappedAt = null;
    addEventListener('click', () => { window.tappedAt = Date.now(); }, { capture: true, once: true });";

/// For a script: what is written in the open sheet, from the top.
pub const ENTRIES: &str =
    "const entries = () => [...document.querySelectorAll('dialog .entry textarea, dialog .entry.own')]
        .map((it) => (it.localName === 'textarea' ? it.value : it.textContent));";

/// The program has not broken down.
pub fn calm(young: &Young) -> Result<()> {
    let complaints = young.browser.complaints()?;
    let broken = complaints
        .iter()
        .find(|line| ["panicked", "unreachable", "RuntimeError"].iter().any(|word| line.contains(word)));
    ensure!(broken.is_none(), "{broken:?}");
    Ok(())
}
