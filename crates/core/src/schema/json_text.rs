//! Numbers as Go's `encoding/json` writes them, because quantities are read from that text.

use podwhy_source::Number;
use podwhy_source::float::{self, Shortest};

/// The JSON text of a number.
pub fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::UInt(value) => value.to_string(),
        // JSON has no word for it; what comes of a number too large for a float is no quantity.
        Number::Float(value) if !value.is_finite() => float::text(value),
        Number::Float(value) => {
            let shortest = Shortest::from(value);
            match shortest.exponent {
                -6..21 => shortest.positional(),
                exponent if exponent < 0 => format!("{}e{exponent}", shortest.mantissa()),
                exponent => format!("{}e+{exponent}", shortest.mantissa()),
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
