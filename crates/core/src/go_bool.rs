//! Truth values as Go reads them from texts.

/// The value of a text as Go's `strconv.ParseBool` reads it; `None` where that is an error.
pub(crate) fn read_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
