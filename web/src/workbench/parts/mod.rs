//! Small pieces that the workbench's views share.

pub mod chart;
pub mod copy_button;
pub mod fields;
pub mod held;
pub mod printed;
pub mod problems;
pub mod shared;
pub mod verdict;
