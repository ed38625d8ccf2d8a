//! The young person's app on a phone that is four times slower than this machine, with a great deal written in it.

use anyhow::{Context, Result, anyhow, ensure};
use plan::{Editor, Entity, OpSet, Part, Record, ReplicaId, template};
use serde_json::json;

use super::{Table, kilobytes, millis, quantile};
use crate::browser::Browser;
use crate::client::{self, Contact};
use crate::driver::Engine;
use crate::world::World;
use crate::young::{Young, wait_for_worker};

const SAVES: usize = 50;
const STARTS: usize = 20;
pub(super) const WRITTEN: usize = 5_000;
pub(super) const SLOW: f64 = 4.0;

pub fn measure(table: &mut Table) -> Result<()> {
    for (rate, aim) in [(1.0, "p95 50 ms"), (SLOW, "p95 150 ms")] {
        let mut saves = save(rate)?;
        let figure = format!("{} / {}", millis(quantile(&mut saves, 50)), millis(quantile(&mut saves, 95)));
        table.row(&format!("a tap to “Gemt”, {rate}x CPU, p50 / p95"), &figure, aim);
    }
    with_much_written(table)?;
    sending(table)
}

/// How long the strict transaction of a save takes, from a tap to "Gemt".
fn save(rate: f64) -> Result<Vec<f64>> {
    let world = World::new(Engine::Chromium)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.goto("/plan/g_tegn")?;
    young.wait_for_sheet()?;
    young.write("Første")?;
    young.wait_for_saved()?;
    young.write("Anden")?;
    young.wait_for_saved()?;
    slow_down(&young.browser, rate)?;
    let script = "const done = arguments[arguments.length - 1];
        const line = document.querySelector('dialog .saved');
        const up = [...document.querySelectorAll('dialog [id^=up-], dialog [id^=down-]')].find((button) => button.ariaDisabled !== 'true');
        const begun = performance.now();
        const watch = new MutationObserver(() => {
          if (line.innerText.trim() === 'Gemt på din telefon') { watch.disconnect(); done(performance.now() - begun); }
        });
        watch.observe(line, { childList: true, subtree: true, characterData: true });
        up.click();";
    let mut times = Vec::new();
    for _ in 0..SAVES {
        times.extend(young.browser.execute_async(script, &[])?.as_f64());
    }
    ensure!(times.len() == SAVES, "a save was not said");
    young.browser.close()?;
    Ok(times)
}

fn slow_down(browser: &Browser, rate: f64) -> Result<()> {
    browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": rate })).map(drop)
}

/// Starts and taps with 5,000 operations on the phone, and a start with 10,000.
fn with_much_written(table: &mut Table) -> Result<()> {
    let mut world = World::new(Engine::Chromium)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/mere")?;
    wait_for_worker(&young.browser)?;
    young.take_back(&history(WRITTEN)?)?;
    world.go_offline()?;
    for (what, path, there, aim) in [
        ("the hard-times page", "/svaert", "ol.acts li", "p95 500 ms"),
        ("something to write in", "/plan/r_nu", "dialog[open] .composer textarea", "p95 900 ms"),
    ] {
        let mut times = start(&young, path, there, SLOW)?;
        let figure = format!("{} / {}", millis(quantile(&mut times, 50)), millis(quantile(&mut times, 95)));
        table.row(&format!("start to {what}, offline, {SLOW}x CPU, {WRITTEN} operations, p50 / p95"), &figure, aim);
    }
    let mut taps = tap(&young)?;
    let figure = format!("{} / {}", millis(quantile(&mut taps, 50)), millis(quantile(&mut taps, 98)));
    table.row(
        &format!("a tap or a key to the next paint, {SLOW}x CPU, {WRITTEN} operations, p50 / p98"),
        &figure,
        "p98 100 ms",
    );
    world.go_online()?;
    young.browser.close()?;

    let mut figures = Vec::new();
    for operations in [0, 2 * WRITTEN] {
        let young = Young::new(world.open_as(&format!("with-{operations}"))?, &world.proxy.origin());
        young.goto("/mere")?;
        wait_for_worker(&young.browser)?;
        if operations > 0 {
            young.take_back(&history(operations)?)?;
        }
        let mut times = start(&young, "/svaert", "ol.acts li", 1.0)?;
        figures.push(quantile(&mut times, 50));
        young.browser.close()?;
    }
    let [empty, full] = figures[..] else { return Err(anyhow!("two figures")) };
    let what = format!("reading, opening and folding {} operations, 1x CPU, p50", 2 * WRITTEN);
    table.row(&what, &millis(full - empty), "200 ms for folding alone");
    Ok(())
}

/// What somebody writes in years: entries in every section, most operations being words that were written anew.
pub(super) fn history(operations: usize) -> Result<Vec<Record>> {
    let mut set = OpSet::new();
    let mut editor = Editor::new(ReplicaId(7));
    let mut entries: Vec<Entity> = Vec::new();
    let mut all: Vec<Record> = Vec::new();
    let lists: Vec<_> = Part::ZONES.iter().flat_map(|part| template::sections(*part)).collect();
    for step in 0.. {
        if all.len() >= operations {
            break;
        }
        editor.set_time(1_795_305_600_000 + 1_000 * step as u64);
        editor.begin_change();
        let text = format!("Det her er skrevet for {step}. gang, og det står der");
        let written = if entries.len() < lists.len() * 10 {
            let list = lists[step % lists.len()];
            let (on, records) =
                editor.add_entry(&set, list.part, list.id, &text, None).map_err(|refused| anyhow!("{refused:?}"))?;
            entries.push(on);
            records
        } else {
            editor
                .set_text(&set, &set.see(&entries[step % entries.len()]), "text", &text)
                .map_err(|refused| anyhow!("{refused:?}"))?
        };
        for record in &written {
            set.insert(record.clone());
        }
        all.extend(written);
    }
    all.truncate(operations);
    Ok(all)
}

/// As [`starts`], as often as a figure needs.
fn start(young: &Young, path: &str, there: &str, rate: f64) -> Result<Vec<f64>> {
    starts(young, path, there, rate, STARTS)
}

/// Milliseconds from the start of a navigation until something is on the page, with everything cached.
pub(super) fn starts(young: &Young, path: &str, there: &str, rate: f64, count: usize) -> Result<Vec<f64>> {
    let look = format!(
        "const there = () => document.querySelector({}) && (window.isThere ??= performance.now());
         new MutationObserver(there).observe(document, {{ childList: true, subtree: true, attributes: true }});",
        json!(there)
    );
    let added = young.browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": look }))?;
    slow_down(&young.browser, rate)?;
    let mut times = Vec::new();
    for _ in 0..count {
        young.goto(path)?;
        let time = young.browser.wait_until(there, "return window.isThere")?;
        times.push(time.as_f64().context("no time")?);
    }
    slow_down(&young.browser, 1.0)?;
    let id = json!({ "identifier": added["identifier"] });
    young.browser.devtools("Page.removeScriptToEvaluateOnNewDocument", &id)?;
    Ok(times)
}

/// How long each key and each tap took until the next paint, as the browser itself measures it. What is shorter than 16 ms
/// is not told, and counts as that.
fn tap(young: &Young) -> Result<Vec<f64>> {
    young.goto("/plan/r_nu")?;
    young.wait_for_sheet()?;
    let watch = "window.durations = new Map();
        new PerformanceObserver((list) => {
          for (const { interactionId, duration } of list.getEntries()) {
            if (interactionId) window.durations.set(interactionId, Math.max(duration, window.durations.get(interactionId) ?? 0));
          }
        }).observe({ type: 'event', durationThreshold: 16 });";
    young.browser.execute(watch, &[])?;
    slow_down(&young.browser, SLOW)?;
    let field = young.browser.find("dialog .composer textarea")?;
    young.browser.click(&field)?;
    let words = "Jeg går en tur om søen med Ali";
    for letter in words.chars() {
        young.browser.keys(&letter.to_string())?;
    }
    young.leave_field()?;
    young.wait_for_entry(words)?;
    let mut count = words.chars().count() + 2;
    for _ in 0..20 {
        young.press_at(words, "Flyt op")?;
        young.press_at(words, "Flyt ned")?;
        count += 2;
    }
    young.wait_for_saved()?;
    slow_down(&young.browser, 1.0)?;
    let told = young.browser.execute("return [...window.durations.values()]", &[])?;
    let mut times: Vec<f64> = serde_json::from_value(told)?;
    times.resize(times.len().max(count), 16.0);
    Ok(times)
}

/// What one edit sends, and what a thousand do that have waited for a network.
fn sending(table: &mut Table) -> Result<()> {
    let mut world = World::new(Engine::Chromium)?;
    let mut contact = client::contact(&world.server)?;
    let young = Young::new(world.open()?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.goto("/plan")?;
    young.write_all("/plan/r_nu", &["Koldt vand"])?;
    share(&young, &mut contact)?;
    world.proxy.take_recorded();
    young.goto("/plan/r_nu")?;
    young.wait_for_sheet()?;
    young.edit("Koldt vand", "Koldt vand på hænderne")?;
    young.wait_for_saved()?;
    young.wait_until_sent()?;
    let sent = world.proxy.take_recorded();
    let with_words: Vec<usize> =
        sent.iter().filter(|r| holds_operations(&r.body)).map(|request| request.body.len()).collect();
    let figure = format!("{} up in {} request", kilobytes(with_words.iter().sum()), with_words.len());
    table.row("one edit", &figure, "1.5 KB in one");

    world.go_offline()?;
    young.goto("/mere")?;
    young.take_back(&history_in(Part::PlanRed, 1_000)?)?;
    world.go_online()?;
    world.proxy.take_recorded();
    slow_network(&young.browser)?;
    let script = "const done = arguments[arguments.length - 1];
        const begun = performance.now();
        const link = document.querySelector(\"nav.bar a[href='/del']\");
        const sent = () => document.body.innerText.includes('Alt det, du deler, er sendt.');
        const look = () => sent() ? done(performance.now() - begun) : setTimeout(look, 5);
        window.dispatchEvent(new Event('online'));
        link.click();
        setTimeout(look, 50);";
    let took = young.browser.execute_async(script, &[])?.as_f64().context("no time")?;
    let bytes: usize = world.proxy.recorded().iter().map(|request| request.body.len()).sum();
    table.row(
        "1,000 operations over slow 4G",
        &format!("{} in {}", kilobytes(bytes), millis(took)),
        "150 KB in 3,000 ms",
    );
    young.browser.close()
}

fn holds_operations(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b]) || String::from_utf8_lossy(body).contains("\\\"id\\\"")
}

/// A thousand operations in one part, so that a yes to it lets all of them go.
fn history_in(part: Part, operations: usize) -> Result<Vec<Record>> {
    let of_part = |record: &Record| record.op.on.part() == Some(part);
    let mut all: Vec<Record> = history(operations * 6)?.into_iter().filter(of_part).collect();
    ensure!(all.len() >= operations, "too few operations are in the part");
    all.truncate(operations);
    Ok(all)
}

fn share(young: &Young, contact: &mut Contact) -> Result<()> {
    young.say_yes(&contact.invite("Bo")?, &["red"])?;
    young.wait_until_sent()
}

/// Lighthouse's slow 4G as it asks a browser for it: 150 ms there and back come to 562.5 ms a request, of 1.6 Mbit/s down nine
/// tenths are left, and 675 kbit/s up (`throttling.mobileSlow4G` in its constants).
pub fn slow_network(browser: &Browser) -> Result<()> {
    browser.devtools("Network.enable", &json!({}))?;
    let slow = json!({
        "offline": false, "latency": 562.5, "downloadThroughput": 1_474_560 / 8, "uploadThroughput": 675_000 / 8,
    });
    browser.devtools("Network.emulateNetworkConditions", &slow).map(drop)
}
