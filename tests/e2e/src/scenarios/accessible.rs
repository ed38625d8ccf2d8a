//! Nothing that axe-core can see is wrong with any screen of the two apps, in both languages, and in the dark: where the scheme
//! is another, nothing but the colours is.

use anyhow::{Result, bail};

use crate::axe::{self, Rules};
use crate::driver::Engine;
use crate::shots::{LANGUAGES, SCHEMES, set_language, set_screen};
use crate::tour::{self, App};

/// The engine makes no difference to what axe-core looks at, so it is done once, in Chromium.
pub fn screens(_: Engine) -> Result<()> {
    let [light, dark] = SCHEMES;
    let (mut screens, mut checks, mut wrong) = (0, 0, Vec::new());
    tour::all(&mut |name, app, browser| {
        screens += 1;
        let mut look = |language: &str, scheme: &str, found: Vec<String>| {
            checks += 1;
            wrong.extend(found.iter().map(|line| format!("{name}, {language}, {scheme}: {line}")));
        };
        let (width, height) = if app == App::Staff { (1280, 800) } else { (390, 844) };
        // Last in the first language, whose colours are those of the other.
        for language in LANGUAGES.into_iter().rev() {
            set_language(browser, language)?;
            set_screen(browser, width, height, light)?;
            look(language, light, axe::violations(browser, Rules::All)?);
        }
        set_screen(browser, width, height, dark)?;
        look(LANGUAGES[0], dark, axe::violations(browser, Rules::Colours)?);
        Ok(())
    })?;
    println!(
        "  axe-core: {screens} screens, {checks} checks in both languages and in the dark, {} violations",
        wrong.len()
    );
    if !wrong.is_empty() {
        bail!("{} violations\n  {}", wrong.len(), wrong.join("\n  "));
    }
    Ok(())
}
