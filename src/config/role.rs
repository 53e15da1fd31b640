//! What one process does of the whole.

use serde::Deserialize;

/// A part of the product that may run in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes reports in and delivers them.
    Intake,
    /// Judges what was delivered.
    Detect,
    /// Lets people and programs read.
    Web,
}

/// The roles of this process, written `intake,detect,web`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Roles(Vec<Role>);

impl Roles {
    /// Whether this process has the role.
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }
}

impl Default for Roles {
    fn default() -> Self {
        Self(vec![Role::Intake, Role::Detect, Role::Web])
    }
}

impl std::str::FromStr for Roles {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let role = |word: &str| match word.trim() {
            "intake" => Ok(Role::Intake),
            "detect" => Ok(Role::Detect),
            "web" => Ok(Role::Web),
            other => Err(format!(
                "no role is named \"{other}\"; roles are intake, detect, web"
            )),
        };
        text.split(',')
            .map(role)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TryFrom<String> for Roles {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
