//! The accessibility checker axe-core, put into the page from outside: WCAG 2 A and AA with contrast.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::process;

const RUN: &str = r#"
  const [runOnly, done] = arguments;
  axe.run(document, { runOnly, resultTypes: ["violations"] })
    .then((result) => done(result.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")}: ${node.failureSummary}`))))
    .catch((error) => done([`axe-core broke down: ${error}`]));
"#;

/// What is looked at.
#[derive(Clone, Copy)]
pub enum Rules {
    All,
    /// What the colours have a part in.
    Colours,
}

impl Rules {
    fn to_json(self) -> Value {
        match self {
            Self::All => json!({ "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
            Self::Colours => json!({ "type": "rule", "values": ["color-contrast", "link-in-text-block"] }),
        }
    }
}

/// What is wrong with the page as it is shown now, one line for each place; nothing is good.
pub fn violations(browser: &Browser, rules: Rules) -> Result<Vec<String>> {
    // It stays in the page as long as that is not loaded anew, and is half a megabyte.
    if browser.execute("return typeof axe === 'undefined'", &[])? == json!(true) {
        let path = process::root().join("tests/axe/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(path).context("axe-core is not installed: cargo xtask tools")?;
        browser.execute(&source, &[])?;
    }
    let Value::Array(lines) = browser.execute_async(RUN, &[rules.to_json()])? else { bail!("axe-core gave no list") };
    Ok(lines.iter().map(|line| line.as_str().unwrap_or_default().replace('\n', " ")).collect())
}

/// Fails with all that is wrong, if anything is.
pub fn check(browser: &Browser, screen: &str) -> Result<()> {
    let violations = violations(browser, Rules::All)?;
    if !violations.is_empty() {
        bail!("{screen}: {} violations\n  {}", violations.len(), violations.join("\n  "));
    }
    Ok(())
}
