//! Bytes to UTF-16 units and back. The rules count bytes, a textarea counts UTF-16 units; they meet here only.

/// The UTF-16 units before the byte `offset` of `text`. Offsets beyond the end count as the end.
pub fn from_byte(text: &str, offset: u32) -> u32 {
    let mut end = (offset as usize).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text.as_bytes()[..end];
    // A byte that goes on with a character adds nothing; one that begins a four-byte character adds two units.
    let units = before.iter().map(|byte| u32::from(*byte < 0x80 || *byte >= 0xC0) + u32::from(*byte >= 0xF0));
    units.sum()
}

/// The byte at which the UTF-16 unit `offset` of `text` begins. Offsets beyond the end count as the end.
pub fn to_byte(text: &str, offset: u32) -> u32 {
    let byte = if text.is_ascii() { (offset as usize).min(text.len()) } else { walk(text, offset) };
    u32::try_from(byte).unwrap_or(u32::MAX)
}

fn walk(text: &str, offset: u32) -> usize {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        if units >= offset {
            return at;
        }
        units += if letter.len_utf16() == 2 { 2 } else { 1 };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_boundary_goes_there_and_back() {
        for text in ["", "plain", "ä: ö\n", "日本", "a😀b", "e\u{301}"] {
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let units = u32::try_from(text[..at].encode_utf16().count()).unwrap();
                let at = u32::try_from(at).unwrap();
                assert_eq!((from_byte(text, at), to_byte(text, units)), (units, at), "{text}");
            }
        }
    }

    #[test]
    fn offsets_outside_or_inside_a_character_are_moved() {
        assert_eq!((from_byte("ab", 9), to_byte("ab", 9), to_byte("ä", 9)), (2, 2, 2));
        assert_eq!(from_byte("ä", 1), 0);
    }
}
