//! Sightings → findings.
