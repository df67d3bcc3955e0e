//! Base64 in the standard alphabet, as Go's `encoding/base64` reads and writes it.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether a text is filled up with `=` to a multiple of four characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// It must be: Go's `StdEncoding`.
    Required,
    /// It must not be: Go's `RawStdEncoding`.
    Forbidden,
}

/// The bytes that `text` stands for; `None` if it is no base64. Line ends are passed over, and bits behind the last
/// byte are not looked at.
#[must_use]
pub fn decode(text: &str, padding: Padding) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut filled) = (0_u32, 0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                filled += 1;
                continue;
            }
            _ => return None,
        };
        if filled > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(digit);
        count += 1;
        if count.is_multiple_of(4) {
            out.extend([(bits >> 16) as u8, (bits >> 8) as u8, bits as u8]);
            bits = 0;
        }
    }
    let fill = match padding {
        Padding::Required => (4 - count % 4) % 4,
        Padding::Forbidden => 0,
    };
    match count % 4 {
        _ if filled != fill => return None,
        0 => {}
        2 => out.push((bits >> 4) as u8),
        3 => out.extend([(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => return None,
    }
    Some(out)
}

/// The text for `bytes`, with padding.
#[must_use]
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for at in 0..4 {
            let digit = ALPHABET.get((bits >> (18 - 6 * at) & 63) as usize);
            out.push(digit.filter(|_| at <= chunk.len()).map_or('=', |digit| char::from(*digit)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_bytes_belong_together() {
        // The examples of RFC 4648.
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")]
        {
            assert_eq!(encode(bytes), text);
            assert_eq!(decode(text, Padding::Required).as_deref(), Some(bytes.as_bytes()), "{text}");
            let bare = text.trim_end_matches('=');
            assert_eq!(decode(bare, Padding::Forbidden).as_deref(), Some(bytes.as_bytes()), "{text}");
            let both = bare == text;
            assert_eq!(decode(bare, Padding::Required).is_some(), both, "{text}");
            assert_eq!(decode(text, Padding::Forbidden).is_some(), both, "{text}");
        }
        let every: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&every), Padding::Required), Some(every));
    }

    #[test]
    fn as_strict_and_as_lenient_as_go() {
        assert_eq!(decode("Zm\n9v\r\nYg=\n=\n", Padding::Required), Some(b"foob".to_vec()));
        // The last four bits of the second character belong to no byte.
        assert_eq!(decode("Zv==", Padding::Required), Some(b"f".to_vec()));
        for text in ["Z", "Zg", "Zg=", "Zg===", "====", "=", "Z===", "Zg==Zg==", "Zm 9v", "Zm-_", "é"] {
            assert_eq!(decode(text, Padding::Required), None, "{text}");
        }
    }
}
