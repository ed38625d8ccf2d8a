//! Pictures of the screens, in Chromium: both languages, two phones, for staff two desks too, light and dark.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::browser::Browser;
use crate::tour::{self, App};

const PHONES: &[(u32, u32)] = &[(390, 844), (320, 568)];
const DESKS: &[(u32, u32)] = &[(1280, 800), (390, 844), (320, 568), WIDE];
/// The colours are those of a smaller screen, so that one scheme is enough.
const WIDE: (u32, u32) = (1600, 1000);
pub const SCHEMES: [&str; 2] = ["light", "dark"];
pub const LANGUAGES: [&str; 2] = ["da", "en"];

pub fn take(out: &Path) -> Result<()> {
    let mut count = 0;
    tour::all(&mut |name, app, browser| {
        let sizes = if app == App::Staff { DESKS } else { PHONES };
        for language in LANGUAGES {
            set_language(browser, language)?;
            for (width, height) in sizes.iter().copied() {
                let schemes = if (width, height) == WIDE { &SCHEMES[..1] } else { &SCHEMES };
                for scheme in schemes {
                    set_screen(browser, width, height, scheme)?;
                    browser.screenshot(&out.join(format!("{name}-{language}-{width}-{scheme}.png")))?;
                    count += 1;
                }
            }
        }
        set_language(browser, LANGUAGES[0])?;
        let (width, height) = sizes[0];
        // Once more as a whole, for what is below the edge of the screen.
        set_screen(browser, width, height, "light")?;
        let whole = browser.execute("return Math.ceil(document.documentElement.scrollHeight)", &[])?;
        let whole = whole.as_u64().and_then(|whole| u32::try_from(whole).ok()).unwrap_or(height);
        if whole > height {
            set_screen(browser, width, whole.min(6_000), "light")?;
            browser.screenshot(&out.join(format!("{name}-{width}-light-whole.png")))?;
            count += 1;
            set_screen(browser, width, height, "light")?;
        }
        Ok(())
    })?;
    println!("{count} pictures in {}", out.display());
    Ok(())
}

/// Has the page speak another language, as when it is chosen in another tab.
pub fn set_language(browser: &Browser, language: &str) -> Result<()> {
    let script = "const key = 'min-plan-language';
        localStorage.setItem(key, arguments[0]); window.dispatchEvent(new StorageEvent('storage', { key }));";
    browser.execute(script, &[json!(language)])?;
    browser.wait_until("the language", &format!("return document.documentElement.lang === '{language}'")).map(drop)
}

/// Makes the page believe that it is on a screen of this size, in CSS pixels, with this colour scheme, and lets nothing
/// move.
pub fn set_screen(browser: &Browser, width: u32, height: u32, scheme: &str) -> Result<()> {
    let is_phone = width < 600;
    let scale = if is_phone { 2 } else { 1 };
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone });
    browser.devtools("Emulation.setDeviceMetricsOverride", &size)?;
    let media = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    browser.devtools("Emulation.setEmulatedMedia", &media)?;
    // Two frames, so that what is pictured is what was asked for.
    browser.execute_async(
        "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)))",
        &[],
    )?;
    Ok(())
}
