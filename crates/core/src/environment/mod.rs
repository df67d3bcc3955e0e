//! What a container sees of the world: its variables, its command and arguments, its own name.

pub mod container;
pub mod dotenv;
pub mod expansion;
pub mod field;
mod files;
pub mod hostname;
pub mod mounts;
pub mod resource;
pub mod services;
mod sources;
pub mod value;
pub mod volumes;

pub use container::{ConfigError, Environment, LeftOut, World, container_environment};
pub use value::{EnvValue, Overridden, Source, Variable};

#[cfg(test)]
mod tests;
