//! The first program: texts and first answers.

fn main() {
    podwhy_web::start_page();
}
