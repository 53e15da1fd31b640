//! A person at a browser: Debian's Chromium, driven by ChromeDriver as WebDriver (W3C) says.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::chromium::{FLAGS, HOSTS};
use super::deadline::within;
use super::http::Client;
use super::setting;

/// Enough for driver and browser to come up.
const START: Duration = Duration::from_secs(60);

/// The key of an element's reference in WebDriver's answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that are no letters, as WebDriver writes them.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// One window that reads in one language. Closes when dropped.
#[derive(Debug)]
pub(crate) struct Person {
    driver: Child,
    address: SocketAddr,
    session: String,
    _home: TempDir,
}

impl Person {
    /// Opens a window; `language` is what its `Accept-Language` says.
    pub(crate) fn sit_down(language: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary directory can be made");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
        let address = free.expect("a free port");
        let mut command = Command::new(setting("SKIMWATCH_TEST_CHROMEDRIVER"));
        command
            .arg(format!("--port={}", address.port()))
            .env("HOME", home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // A group of its own: the browser ends with its driver and nothing else does.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let driver = command.spawn().expect("chromedriver starts");
        let mut person = Self {
            driver,
            address,
            session: String::new(),
            _home: home,
        };
        within(START, "chromedriver", || {
            let answer = Client::connect(address).ok()?.get("/status", &[]).ok()?;
            (answer.status == 200).then_some(())
        });
        person.session = person.open(language);
        person
    }

    fn open(&self, language: &str) -> String {
        let flags = FLAGS.iter().filter(|flag| !flag.contains("debugging"));
        let flags: Vec<String> = flags
            .map(|flag| (*flag).to_owned())
            .chain([
                format!("--host-resolver-rules={HOSTS}"),
                format!("--lang={language}"),
                "--window-size=1280,1000".to_owned(),
            ])
            .collect();
        let binary = setting("SKIMWATCH_TEST_CHROMIUM");
        let options = json!({
            "binary": binary.to_string_lossy(), "args": flags,
            "prefs": { "intl.accept_languages": language },
        });
        let wanted = json!({
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let answer = self.ask(
            "POST",
            "/session",
            &json!({ "capabilities": { "alwaysMatch": wanted } }),
        );
        let id = answer["sessionId"].as_str();
        id.expect("a session").to_owned()
    }

    /// Opens an address in the window.
    pub(crate) fn go(&self, url: &str) {
        self.command("POST", "url", &json!({ "url": url }));
    }

    /// Presses the element of a CSS selector, as a finger does.
    pub(crate) fn press(&self, selector: &str) {
        let id = self.find(selector);
        self.command("POST", &format!("element/{id}/click"), &json!({}));
    }

    /// Types into the field of a CSS selector, after what stands there.
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let id = self.find(selector);
        let text = json!({ "text": text });
        self.command("POST", &format!("element/{id}/value"), &text);
    }

    /// Types into whatever has the focus; [`TAB`] and [`ENTER`] are keys too.
    pub(crate) fn keys(&self, text: &str) {
        let key = |kind: &str, key: char| json!({ "type": kind, "value": key.to_string() });
        let strokes: Vec<Value> = text
            .chars()
            .flat_map(|it| [key("keyDown", it), key("keyUp", it)])
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.command("POST", "actions", &json!({ "actions": [keyboard] }));
    }

    fn find(&self, selector: &str) -> String {
        let query = json!({ "using": "css selector", "value": selector });
        let element = self.command("POST", "element", &query);
        let id = element[ELEMENT].as_str().expect("an element");
        id.to_owned()
    }

    /// What stands on the page.
    pub(crate) fn reads(&self) -> String {
        let text = self.script("return document.body.innerText");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// A command of the browser's developer tools.
    pub(crate) fn tool(&self, command: &str, with: &Value) -> Value {
        let body = json!({ "cmd": command, "params": with });
        self.command("POST", "goog/cdp/execute", &body)
    }

    /// What a log says since it was asked last: `browser` for the console, `performance` for requests.
    pub(crate) fn log(&self, of: &str) -> Vec<Value> {
        let lines = self.command("POST", "se/log", &json!({ "type": of }));
        lines.as_array().cloned().unwrap_or_default()
    }

    /// What a script on the page returns; a promise is waited for.
    pub(crate) fn script(&self, script: &str) -> Value {
        let script = json!({ "script": script, "args": [] });
        self.command("POST", "execute/sync", &script)
    }

    /// A picture of the window, as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let picture = self.command("GET", "screenshot", &Value::Null);
        let text = picture.as_str().expect("base64");
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .expect("base64")
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        self.ask(method, &format!("/session/{}/{path}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut client = Client::connect(self.address).expect("the driver answers");
        let body = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let kind = [("Content-Type", "application/json")];
        let answer = client.send(method, path, &kind, &body).expect("an answer");
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
        answer.json()["value"].clone()
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        // An error says that the group has ended already, which is what is asked for.
        kill_process_group(Pid::from_child(&self.driver), Signal::KILL).unwrap_or_default();
        self.driver.wait().expect("it has ended");
    }
}
