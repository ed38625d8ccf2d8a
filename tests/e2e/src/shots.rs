//! Pictures of the screens, in Chromium: two phones, light and dark.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use crate::browser::Browser;
use crate::driver::Engine;
use crate::world::World;

/// The pages to show, with the name of the picture.
const PAGES: &[(&str, &str)] = &[("start", "/")];

const PHONES: &[(u32, u32)] = &[(390, 844), (320, 568)];

pub fn take(out: &Path) -> Result<()> {
    let world = World::new(Engine::Chromium)?;
    let browser = world.open()?;
    for (name, path) in PAGES {
        for (width, height) in PHONES {
            for scheme in ["light", "dark"] {
                set_screen(&browser, *width, *height, scheme)?;
                browser.goto(&world.url(path))?;
                browser.wait_until("a heading", "return document.querySelector('h1')")?;
                browser.screenshot(&out.join(format!("{name}-{width}-{scheme}.png")))?;
            }
        }
    }
    browser.close()
}

/// Makes the page believe that it is on a phone of this size, in CSS pixels, with this colour scheme.
pub fn set_screen(browser: &Browser, width: u32, height: u32, scheme: &str) -> Result<()> {
    let size = json!({ "width": width, "height": height, "deviceScaleFactor": 2, "mobile": true });
    browser.devtools("Emulation.setDeviceMetricsOverride", &size)?;
    let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    browser.devtools("Emulation.setEmulatedMedia", &media)?;
    Ok(())
}
