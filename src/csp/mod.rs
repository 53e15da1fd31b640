//! CSP Level 3 policies, parsed. [`Policy`] is the type to know.
