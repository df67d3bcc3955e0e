//! The second program: every view beyond the first answers.

fn main() {
    podwhy_web::start_workbench();
}
