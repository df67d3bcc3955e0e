//! Which registry credentials the kubelet finds for an image, and in which order it tries them.
//!
//! [`docker_config`] reads a `config.json` or `.dockercfg`, [`secrets`] says which pull secrets count,
//! [`search_path`] which file of the node does, and [`keyring`] puts them together: a match with its trace for every
//! key, and the attempts in order. [`create_secret`] makes such a Secret, as kubectl does,
//! and [`kubectl_args`] reads its command line.

pub mod advice;
pub mod create_secret;
pub mod docker_config;
mod glob;
mod go_url;
pub mod key;
pub mod keyring;
pub mod kubectl_args;
pub mod search_path;
pub mod secrets;
pub mod url_match;
