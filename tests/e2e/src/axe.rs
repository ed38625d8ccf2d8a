//! The accessibility checker axe-core, put into the page from outside: WCAG 2 A and AA with contrast.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::browser::Browser;
use crate::process;

const RUN: &str = r#"
  const done = arguments[arguments.length - 1];
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })
    .then((result) => done(result.violations.flatMap((rule) =>
      rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")}: ${node.failureSummary}`))))
    .catch((error) => done([`axe-core broke down: ${error}`]));
"#;

/// What is wrong with the page as it is shown now, one line for each place; nothing is good.
pub fn violations(browser: &Browser) -> Result<Vec<String>> {
    let path = process::root().join("tests/axe/node_modules/axe-core/axe.min.js");
    let source = std::fs::read_to_string(path).context("axe-core is not installed: cargo xtask tools")?;
    browser.execute(&source, &[])?;
    let Value::Array(lines) = browser.execute_async(RUN, &[])? else { bail!("axe-core gave no list") };
    Ok(lines.iter().map(|line| line.as_str().unwrap_or_default().replace('\n', " ")).collect())
}

/// Fails with all that is wrong, if anything is.
pub fn check(browser: &Browser, screen: &str) -> Result<()> {
    let violations = violations(browser)?;
    if !violations.is_empty() {
        bail!("{screen}: {} violations\n  {}", violations.len(), violations.join("\n  "));
    }
    Ok(())
}
