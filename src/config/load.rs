//! Reads the layers and puts them together.

use std::path::Path;

use super::{Config, detection, pages};

/// What is put together, from the bottom up.
type Layers = config::ConfigBuilder<config::builder::DefaultState>;

/// Settings that hold several values: in the environment, separated by commas.
const LISTS: [&str; 2] = ["intake.trusted_proxies", "web.trusted_proxies"];

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file or a variable cannot be read, is malformed, or names no setting.
    #[error(
        "the settings cannot be used: {0}. Correct the file given by --config, or the variable SKIMWATCH__SECTION__KEY"
    )]
    Invalid(String),
}

impl From<config::ConfigError> for ConfigError {
    fn from(cause: config::ConfigError) -> Self {
        // The parser draws a picture of the place over several lines.
        let words: Vec<_> = cause
            .to_string()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Self::Invalid(words.join(" "))
    }
}

/// Puts the layers together: defaults, then the file, then the environment.
///
/// # Errors
/// [`ConfigError::Invalid`] names the setting and what is wrong with it.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    read(layers(file))
}

/// The same, and over them what another file says.
///
/// # Errors
/// As [`load`].
pub fn load_over(file: Option<&Path>, over: &Path) -> Result<Config, ConfigError> {
    read(layers(file).add_source(toml(over)))
}

fn read(layers: Layers) -> Result<Config, ConfigError> {
    let mut config: Config = layers.build()?.try_deserialize()?;
    detection::check(&config.detect).map_err(ConfigError::Invalid)?;
    pages::check(&mut config.web).map_err(ConfigError::Invalid)?;
    Ok(config)
}

fn layers(file: Option<&Path>) -> Layers {
    let mut layers = config::Config::builder();
    if let Some(path) = file {
        layers = layers.add_source(toml(path));
    }
    let mut environment = config::Environment::with_prefix("SKIMWATCH")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .list_separator(",");
    for list in LISTS {
        environment = environment.with_list_parse_key(list);
    }
    layers.add_source(environment)
}

fn toml(path: &Path) -> config::File<config::FileSourceFile, config::FileFormat> {
    config::File::from(path)
        .format(config::FileFormat::Toml)
        .required(true)
}

/// Where programs keep what they can fetch again: `$XDG_CACHE_HOME`, else `~/.cache`.
#[expect(
    clippy::disallowed_methods,
    reason = "this module is the one that reads the environment"
)]
pub fn cache_home() -> Option<std::path::PathBuf> {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("XDG_CACHE_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".cache")))
}
