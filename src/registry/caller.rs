//! [`Caller`]: whoever has shown who they are, and what follows from that.

use crate::ids::OrganizationId;
use crate::role::{Right, Role};
use crate::scope::Scope;

/// Whoever has shown who they are.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who stands in the audit log for what they do.
    pub name: String,
    /// Whose people they belong to.
    pub organization: OrganizationId,
    /// What they may do.
    pub role: Role,
    /// What they may see.
    pub scope: Scope,
}

/// Whoever stands in the audit log for a change: only somebody who may make it becomes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    name: String,
    organization: OrganizationId,
    role: Role,
}

/// Their role does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role {} does not allow this: ask an administrator of your organization", role.as_str())]
pub struct NotAllowed {
    /// The role that they have.
    pub role: Role,
    /// What would be needed.
    pub right: Right,
}

impl Caller {
    /// Whoever runs the installation, by this name.
    pub fn operator(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            organization: OrganizationId::operator(),
            role: Role::Operator,
            scope: Scope::Operator,
        }
    }

    /// Stands for a change that needs this right.
    ///
    /// # Errors
    /// [`NotAllowed`] if their role does not have it.
    pub fn author(&self, right: Right) -> Result<Author, NotAllowed> {
        self.require(right)?;
        Ok(Author {
            name: self.name.clone(),
            organization: self.organization.clone(),
            role: self.role,
        })
    }

    /// Asks for a right.
    ///
    /// # Errors
    /// [`NotAllowed`] if their role does not have it.
    pub fn require(&self, right: Right) -> Result<(), NotAllowed> {
        let role = self.role;
        role.may(right)
            .then_some(())
            .ok_or(NotAllowed { role, right })
    }
}

impl Author {
    /// The program itself, or whoever sits at its shell, in the name of the operator.
    pub fn of_installation(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            organization: OrganizationId::operator(),
            role: Role::Operator,
        }
    }

    /// Their name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whose people they belong to.
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// Whether they may give that role to others, or take it from them.
    pub fn may_give(&self, role: Role) -> bool {
        self.role.may_give(role)
    }

    /// Whether they run the installation.
    pub fn operates(&self) -> bool {
        self.role.may(Right::Operate)
    }

    /// Whether they may change what belongs to that organization: their own one, or any if they run them all.
    pub fn manages(&self, organization: &OrganizationId) -> bool {
        self.role.may(Right::Operate) || self.organization == *organization
    }
}
