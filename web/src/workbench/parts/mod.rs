//! Small pieces that the workbench's views share.

pub mod copy_button;
pub mod shared;
pub mod verdict;
