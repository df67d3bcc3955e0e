//! Small pieces that the workbench's views share.

pub mod chart;
pub mod chooser;
pub mod fields;
pub mod held;
pub mod printed;
pub mod problems;
pub mod verdict;
