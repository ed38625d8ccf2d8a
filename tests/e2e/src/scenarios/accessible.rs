//! Nothing that axe-core can see is wrong with any screen of the two apps, in both languages, in light and in dark: where the scheme
//! is another, nothing but the colours is.

use anyhow::{Result, bail};

use crate::axe::{self, Rules};
use crate::driver::Engine;
use crate::shots::{LANGUAGES, SCHEMES, set_language, set_screen};
use crate::tour::{self, App};

/// The engine makes no difference to what axe-core looks at, so it is done once, in Chromium.
pub fn screens(_: Engine) -> Result<()> {
    let (mut screens, mut checks, mut wrong) = (0, 0, Vec::new());
    tour::all(&mut |name, app, browser| {
        screens += 1;
        let (width, height) = if app == App::Staff { (1280, 800) } else { (390, 844) };
        for language in LANGUAGES {
            set_language(browser, language)?;
            for (scheme, rules) in SCHEMES.into_iter().zip([Rules::All, Rules::Colours]) {
                set_screen(browser, width, height, scheme)?;
                checks += 1;
                let found = axe::violations(browser, rules)?;
                wrong.extend(found.iter().map(|line| format!("{name}, {language}, {scheme}: {line}")));
            }
        }
        set_language(browser, LANGUAGES[0])
    })?;
    println!(
        "  axe-core: {screens} screens, {checks} checks in both languages, in light and dark, {} violations",
        wrong.len()
    );
    if !wrong.is_empty() {
        bail!("{} violations\n  {}", wrong.len(), wrong.join("\n  "));
    }
    Ok(())
}
