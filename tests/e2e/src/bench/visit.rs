//! A first visit on a slow phone with a slow network: the figures that Lighthouse gives, from the browser's own measurements.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::phone::slow_network;
use super::{Table, millis, quantile};
use crate::driver::Engine;
use crate::world::World;
use crate::young::Young;

const VISITS: usize = 5;
/// What Lighthouse times, as it is known here, and what each should be.
pub(super) const FIGURES: [(&str, &str, &str); 4] = [
    ("first contentful paint", "first", "800 ms"),
    ("largest contentful paint", "largest", "1,400 ms"),
    ("usable", "usable", "2,600 ms"),
    ("time blocked", "blocked", "150 ms"),
];
const WATCH: &str = "window.visit = { shift: 0, blocked: 0 };
    const watch = (type, take) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    watch('largest-contentful-paint', (entry) => { window.visit.largest = entry.startTime; });
    watch('layout-shift', (entry) => { if (!entry.hadRecentInput) window.visit.shift += entry.value; });
    watch('longtask', (entry) => { window.visit.blocked += Math.max(0, entry.duration - 50); });
    const there = () => !document.getElementById('shell') && document.querySelector('main button, main a') && (window.visit.usable ??= performance.now());
    new MutationObserver(there).observe(document, { childList: true, subtree: true });";

pub fn measure(table: &mut Table) -> Result<()> {
    let mut visits: Vec<Value> = Vec::new();
    for _ in 0..VISITS {
        visits.push(visit(&World::new(Engine::Chromium)?, "phone")?);
    }
    for (what, name, aim) in FIGURES {
        table.row(&format!("first visit, slow 4G, 4x CPU: {what}"), &millis(median(&visits, name)), aim);
    }
    table.row("first visit: layout shift", &format!("{:.3}", median(&visits, "shift")), "0.02");
    Ok(())
}

pub(super) fn median(visits: &[Value], name: &str) -> f64 {
    let mut values: Vec<f64> = visits.iter().filter_map(|visit| visit[name].as_f64()).collect();
    quantile(&mut values, 50)
}

/// A device that has never seen the app.
pub(super) fn visit(world: &World, device: &str) -> Result<Value> {
    let young = Young::new(world.open_as(device)?, &world.proxy.origin());
    young.browser.resize(420, 900)?;
    young.browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": WATCH }))?;
    slow_network(&young.browser)?;
    young.browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": 4 }))?;
    young.goto("/")?;
    young.browser.wait_for_text("Kom i gang")?;
    let script = "window.visit.first = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
        return window.visit.first && window.visit.usable && window.visit";
    let seen = young.browser.wait_until("the figures", script)?;
    young.browser.close()?;
    seen.get("first").context("no first paint")?;
    Ok(seen)
}
