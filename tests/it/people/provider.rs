//! Logins with a provider of OpenID Connect: a real one, in a process of its own.
