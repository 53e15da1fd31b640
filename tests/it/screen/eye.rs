//! A browser that becomes that of anybody, in any light, on a desk or in a hand. [`Eye`] is the type to know.

use serde_json::{Value, json};
use skimwatch::language::Language;

use super::list::Who;
use super::stage::Stage;
use crate::support::webdriver::Person;
use crate::support::{setting, short_or_long};

/// What is looked at: light and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) scheme: &'static str,
    pub(super) device: &'static str,
    width: u32,
    height: u32,
}

impl std::fmt::Display for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.device, self.scheme)
    }
}

const fn look(scheme: &'static str, device: &'static str, (width, height): (u32, u32)) -> Look {
    Look {
        scheme,
        device,
        width,
        height,
    }
}

const DESK: (u32, u32) = (1280, 900);
const HAND: (u32, u32) = (390, 844);

pub(super) const LOOKS: [Look; 4] = [
    look("light", "desktop", DESK),
    look("dark", "desktop", DESK),
    look("dark", "phone", HAND),
    look("light", "phone", HAND),
];

/// Rules of WCAG 2.0 to 2.2, levels A and AA, and those that everybody keeps.
const RULES: &str = r#"["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]"#;

/// Rows and bars that are made as those before them, and take their time. The long test looks at them too.
const ALIKE: &str = r#"["tbody tr:nth-child(n+7)", "svg > :nth-child(n+7)"]"#;

/// A window.
pub(super) struct Eye {
    pub(super) person: Person,
    axe: String,
}

impl Eye {
    pub(super) fn open() -> Self {
        let folder = std::path::PathBuf::from(setting("SKIMWATCH_TEST_NODE"));
        let axe = folder.join("node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(axe).expect("axe-core is there");
        Self {
            person: Person::sit_down("en"),
            axe,
        }
    }

    /// Becomes somebody who reads a language.
    pub(super) fn become_one(&self, stage: &Stage, who: Who, language: Language) {
        self.person.tool("Network.clearBrowserCookies", &json!({}));
        let kept = format!("skimwatch_lang={}", language.tag());
        let cookies = [stage.cookie(who), &kept];
        for (name, value) in cookies.iter().filter_map(|it| it.split_once('=')) {
            let cookie = json!({ "name": name, "value": value, "url": stage.url("/") });
            self.person.tool("Network.setCookie", &cookie);
        }
    }

    /// Changes light and size; the page stays.
    pub(super) fn look(&self, look: Look) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": look.scheme });
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        let media = json!({ "features": [scheme, still] });
        self.person.tool("Emulation.setEmulatedMedia", &media);
        let size = json!({
            "width": look.width, "height": look.height, "deviceScaleFactor": 1,
            "mobile": look.device == "phone",
        });
        self.person
            .tool("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Puts axe-core into the page, past its policy, as the developer tools may.
    pub(super) fn bring_axe(&self) {
        self.person.script(&self.axe);
    }

    /// What axe-core finds wrong, a line each.
    pub(super) fn violations(&self) -> Vec<String> {
        let alike = short_or_long(ALIKE, "[]");
        let script = format!(
            "return axe.run({{ include: [['html']], exclude: {alike}.map((it) => [it]) }}, {{
                runOnly: {{ type: 'tag', values: {RULES} }}, resultTypes: ['violations'],
                elementRef: false, preload: false, iframes: false,
            }}).then((found) => found.violations.map((it) => `${{it.id}}: ${{it.help}}: ` + it.nodes.slice(0, 4)
                .map((node) => node.target.join(' ') + ' (' + (node.any[0] ?? node.all[0] ?? node.none[0])?.message + ')')
                .join('; ')))"
        );
        self.lines(&script)
    }

    /// The texts that a script says.
    pub(super) fn lines(&self, script: &str) -> Vec<String> {
        let said = self.person.script(script);
        let said = said.as_array().expect("a list").iter();
        said.map(|it| it.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// All of the page, however long it is, as PNG in base64.
    pub(super) fn picture(&self) -> String {
        let all = json!({ "captureBeyondViewport": true, "format": "png" });
        let size = self.person.tool("Page.getLayoutMetrics", &json!({}));
        let size = &size["cssContentSize"];
        let (width, height) = (&size["width"], &size["height"]);
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let mut wanted = all;
        wanted["clip"] = clip;
        let picture = self.person.tool("Page.captureScreenshot", &wanted);
        picture["data"].as_str().expect("base64").to_owned()
    }

    /// What a script says that is a number.
    pub(super) fn number(&self, script: &str) -> u64 {
        self.person.script(script).as_u64().expect("a number")
    }

    /// What the console said, and what was asked of whom, since it was asked last.
    pub(super) fn logged(&self) -> (Vec<String>, Vec<String>) {
        let said = self.person.log("browser");
        let said = said
            .iter()
            .filter(|it| it["level"] != "DEBUG" && it["level"] != "INFO");
        let said = said.map(|it| it["message"].as_str().unwrap_or_default().to_owned());
        let told = self.person.log("performance");
        let asked = told.iter().filter_map(|it| {
            let event: Value = serde_json::from_str(it["message"].as_str()?).ok()?;
            let event = &event["message"];
            (event["method"] == "Network.requestWillBeSent").then_some(())?;
            Some(event["params"]["request"]["url"].as_str()?.to_owned())
        });
        (said.collect(), asked.collect())
    }
}
