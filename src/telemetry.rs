//! What the process says: structured lines on standard error. Never a body, a URL or an address.

use tracing_subscriber::EnvFilter;

/// Libraries that write what strangers sent, or a line for each malformed request. They stay silent whatever
/// the filter says; what happens at a door is told by metrics.
const SILENT: [&str; 2] = ["actix_http=off", "h2=off"];

/// Installs the subscriber. Call it once.
///
/// # Errors
/// A sentence, if the filter is no valid filter.
pub fn install(filter: &str, json: bool) -> Result<(), String> {
    let mut filter = EnvFilter::try_new(filter)
        .map_err(|error| format!("log.filter is no valid filter: {error}; try \"info\""))?;
    for silent in SILENT {
        let silent = silent.parse().expect("a constant directive is well-formed");
        filter = filter.add_directive(silent);
    }
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let installed = if json {
        lines.json().try_init()
    } else {
        lines
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init()
    };
    installed.map_err(|error| format!("logging cannot start: {error}"))
}
