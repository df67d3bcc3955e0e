//! Numbers as Go's `encoding/json` writes them, because quantities are read from that text.

use podwhy_source::Number;

/// The JSON text of a number.
pub fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::UInt(value) => value.to_string(),
        Number::Float(value) => {
            let magnitude = value.abs();
            if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
                let text = format!("{value:e}");
                if text.contains("e-") { text } else { text.replace('e', "e+") }
            } else {
                format!("{value}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_read_as_go_writes_them() {
        for (value, text) in
            [(1000.0, "1000"), (0.0001, "0.0001"), (1e-7, "1e-7"), (1.5e21, "1.5e+21"), (1e20, "100000000000000000000")]
        {
            assert_eq!(number(Number::Float(value)), text);
        }
    }
}
