//! What surrounds texts and answers: header, cluster, footer.

pub mod cluster_panel;
pub mod examples_menu;
pub mod header;
pub mod node_file;
pub mod release_picker;
pub mod undo_notice;
