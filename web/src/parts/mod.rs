//! Small pieces that the panes and views share.

pub mod announcer;
pub mod copy_button;
pub mod dialog;
pub mod disclosure;
pub mod doc_note;
pub mod line_button;
pub mod links;
pub mod mark;
pub mod masked;
pub mod problem;
pub mod step_list;
pub mod switch;
pub mod tabs;
