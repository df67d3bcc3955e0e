//! Decimal texts to floats and back, both exact.
//!
//! The standard library does the same faster, with tables of ten kilobytes that do not compress. Floats are rare in
//! what this program reads and it is downloaded often: here a few lines of whole-number arithmetic do it.

use std::cmp::Ordering;

/// The digits that can decide how a text rounds; of those after them it only counts whether one is not zero.
const DECIDING_DIGITS: usize = 770;

/// The float nearest to a decimal text such as `-1.5e3`, infinite where it is too large, as Rust's own `parse` gives
/// it. `None`: it is no such text.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, read_exponent(unsigned.get(at + 1..)?)?),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 {
        return None;
    }
    let mut digits = Big::default();
    let (mut small, mut seen, mut dropped, mut rest) = (Some(0_u64), 0_usize, 0_i64, false);
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.is_ascii_digit().then(|| byte - b'0')?;
        if seen < DECIDING_DIGITS {
            seen += usize::from(seen > 0 || digit > 0);
            digits.multiply_add(10, u32::from(digit));
            small = small.and_then(|small| small.checked_mul(10)?.checked_add(u64::from(digit)));
        } else {
            dropped += 1;
            rest |= digit > 0;
        }
    }
    if rest {
        digits.multiply_add(10, 1);
        dropped -= 1;
        seen += 1;
        small = None;
    }
    let power = exponent + dropped - i64::try_from(fraction.len()).ok()?;
    let size = power + i64::try_from(seen).ok()?;
    let magnitude = match (seen, small.filter(|small| *small <= 1 << 53)) {
        (0, _) => 0.0,
        _ if size > 310 => f64::INFINITY,
        _ if size < -326 => 0.0,
        // Both numbers are exact, so that their product or quotient is rounded once.
        (_, Some(small)) if (-22..=22).contains(&power) => {
            let scale = (0..power.abs()).fold(1.0, |scale, _| scale * 10.0);
            if power < 0 { small as f64 / scale } else { small as f64 * scale }
        }
        _ => {
            let mut divisor = Big::from(1);
            if power < 0 { &mut divisor } else { &mut digits }.multiply_by_power_of_ten(power.unsigned_abs());
            nearest(digits, divisor)
        }
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// Digits with an optional sign; far beyond what a float can hold it no longer matters how far.
fn read_exponent(text: &str) -> Option<i64> {
    const FAR: i64 = 1 << 40;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() {
        return None;
    }
    let mut value = 0_i64;
    for byte in digits.bytes() {
        value = (value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?)).min(FAR);
    }
    Some(if text.starts_with('-') { -value } else { value })
}

/// The float nearest to a quotient; of two equally near ones the even one.
fn nearest(mut dividend: Big, mut divisor: Big) -> f64 {
    // After this the quotient lies between 2^63 and 2^65, and the value is the quotient times 2^-shift.
    let shift = 64 + divisor.bits() - dividend.bits();
    if shift > 0 { &mut dividend } else { &mut divisor }.shift_left(shift.unsigned_abs());
    let mut quotient = 0_u128;
    divisor.shift_left(64);
    for _ in 0..=64 {
        quotient <<= 1;
        if dividend.compare(&divisor) != Ordering::Less {
            dividend.subtract(&divisor);
            quotient |= 1;
        }
        dividend.shift_left(1);
    }
    // 53 bits are kept, fewer for the smallest floats, which are whole multiples of 2^-1074.
    let bits = 128 - i64::from(quotient.leading_zeros());
    let drop = (bits - 53).max(shift - 1074).min(127);
    let (kept, half) = (quotient >> drop, 1_u128 << (drop - 1));
    let below = quotient & ((1 << drop) - 1);
    let exact_half = below == half && dividend.is_zero();
    let up = below > half || below == half && !exact_half || exact_half && kept & 1 == 1;
    let kept = (kept as u64) + u64::from(up);
    let exponent = drop - shift;
    if kept == 0 {
        return 0.0;
    }
    // A carry out of the 53 bits, or into the first of them, is what the layout of a float makes of the sum.
    let biased = (exponent + 1074).unsigned_abs();
    let bits = (biased << 52).saturating_add(kept);
    f64::from_bits(bits.min(f64::INFINITY.to_bits()))
}

/// The float without an exponent, or `inf`, `-inf`, `NaN`: as Rust's own `Display`.
#[must_use]
pub fn text(value: f64) -> String {
    match value {
        f64::INFINITY => "inf".to_owned(),
        f64::NEG_INFINITY => "-inf".to_owned(),
        _ if value.is_nan() => "NaN".to_owned(),
        _ => Shortest::from(value).positional(),
    }
}

/// The fewest decimal digits that read back as the same float, and of those the nearest: `d.ddd` times a power of ten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortest {
    negative: bool,
    digits: String,
    /// The power of ten.
    pub exponent: i32,
}

impl From<f64> for Shortest {
    /// The value must be finite.
    fn from(value: f64) -> Self {
        let bits = value.abs().to_bits();
        Self::new(value.is_sign_negative(), bits >> 52, bits & ((1 << 52) - 1), 52, 1074)
    }
}

impl From<f32> for Shortest {
    /// The value must be finite.
    fn from(value: f32) -> Self {
        let bits = u64::from(value.abs().to_bits());
        Self::new(value.is_sign_negative(), bits >> 23, bits & ((1 << 23) - 1), 23, 149)
    }
}

impl Shortest {
    /// From the parts of a float: `biased` exponent and `fraction` of `width` bits; `lowest` is the power of two that
    /// the smallest float is, negated. Steele and White's algorithm.
    fn new(negative: bool, biased: u64, fraction: u64, width: u32, lowest: i64) -> Self {
        let (mantissa, power) = match biased {
            0 => (fraction, -lowest),
            _ => (fraction | (1 << width), biased as i64 - 1 - lowest),
        };
        if mantissa == 0 {
            return Self { negative, digits: "0".to_owned(), exponent: 0 };
        }
        // Everything is counted in quarters of the last bit: the neighbour below a power of two is nearer.
        let (mut value, mut above, mut below, mut one) = (
            Big::from(mantissa * 4),
            Big::from(2),
            Big::from(if fraction == 0 && biased > 1 { 1 } else { 2 }),
            Big::from(4),
        );
        for part in [&mut value, &mut above, &mut below] {
            part.shift_left(power.max(0).unsigned_abs());
        }
        one.shift_left((-power).max(0).unsigned_abs());
        let even = mantissa & 1 == 0;
        let reaches = |sum: Ordering| sum == Ordering::Greater || even && sum == Ordering::Equal;
        // The first digit's power of ten: a guess that is never too high, then steps of one.
        let bits = 63 - i64::from(mantissa.leading_zeros()) + power;
        let mut exponent = (bits * 30_103 / 100_000 - 1) as i32;
        if exponent > 0 { &mut one } else { &mut value }.multiply_by_power_of_ten(u64::from(exponent.unsigned_abs()));
        if exponent < 0 {
            above.multiply_by_power_of_ten(u64::from(exponent.unsigned_abs()));
            below.multiply_by_power_of_ten(u64::from(exponent.unsigned_abs()));
        }
        let mut ten = one.clone();
        ten.multiply_add(10, 0);
        while reaches(value.plus(&above).compare(&ten)) {
            one.multiply_add(10, 0);
            ten.multiply_add(10, 0);
            exponent += 1;
        }
        let mut digits = String::new();
        loop {
            let mut digit = b'0';
            while value.compare(&one) != Ordering::Less {
                value.subtract(&one);
                digit += 1;
            }
            let low = reaches(below.compare(&value));
            let high = reaches(value.plus(&above).compare(&one));
            if !(low || high) {
                digits.push(char::from(digit));
                for part in [&mut value, &mut above, &mut below] {
                    part.multiply_add(10, 0);
                }
                continue;
            }
            let up = high && (!low || value.plus(&value).compare(&one) != Ordering::Less);
            digits.push(char::from(digit + u8::from(up)));
            return Self { negative, digits, exponent };
        }
    }

    /// Without an exponent: `0.0015`, `1500`.
    #[must_use]
    pub fn positional(&self) -> String {
        let mut text = self.sign();
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        let length = i32::try_from(self.digits.len()).unwrap_or(i32::MAX);
        match self.digits.split_at_checked(usize::try_from(self.exponent + 1).unwrap_or(0)) {
            None => text.extend([self.digits.as_str(), &zeros(self.exponent + 1 - length)]),
            Some((whole, "")) => text.push_str(whole),
            Some(("", fraction)) => text.extend(["0.", &zeros(-1 - self.exponent), fraction]),
            Some((whole, fraction)) => text.extend([whole, ".", fraction]),
        }
        text
    }

    /// The factor before the power of ten: `1.5`.
    #[must_use]
    pub fn mantissa(&self) -> String {
        Self { exponent: 0, ..self.clone() }.positional()
    }

    fn sign(&self) -> String {
        if self.negative { "-" } else { "" }.to_owned()
    }
}

/// A whole number without limit, in parts of 32 bits, the lowest first and the highest not zero.
#[derive(Clone, Default)]
struct Big(Vec<u32>);

impl From<u64> for Big {
    fn from(value: u64) -> Self {
        let mut big = Self(vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }
}

impl Big {
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    fn bits(&self) -> i64 {
        let highest = self.0.last().map_or(0, |part| 32 - i64::from(part.leading_zeros()));
        highest + 32 * (self.0.len() as i64 - 1).max(0)
    }

    fn multiply_add(&mut self, factor: u32, summand: u32) {
        let mut carry = u64::from(summand);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_by_power_of_ten(&mut self, power: u64) {
        for _ in 0..power / 9 {
            self.multiply_add(1_000_000_000, 0);
        }
        for _ in 0..power % 9 {
            self.multiply_add(10, 0);
        }
    }

    fn shift_left(&mut self, bits: u64) {
        if !self.is_zero() {
            self.multiply_add(1 << (bits % 32), 0);
            self.0.splice(0..0, (0..bits / 32).map(|_| 0));
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn plus(&self, other: &Self) -> Self {
        let (mut sum, mut carry) = (Vec::new(), 0);
        for at in 0..self.0.len().max(other.0.len()) {
            let part = |big: &Self| u64::from(big.0.get(at).copied().unwrap_or(0));
            carry += part(self) + part(other);
            sum.push(carry as u32);
            carry >>= 32;
        }
        sum.push(carry as u32);
        let mut sum = Self(sum);
        sum.trim();
        sum
    }

    /// Takes away a number that is not larger.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = false;
        for (at, part) in self.0.iter_mut().enumerate() {
            let (less, first) = part.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, second) = less.overflowing_sub(u32::from(borrow));
            (*part, borrow) = (less, first || second);
        }
        self.trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Floats of every size, the awkward ones first; the same in every run.
    fn floats() -> impl Iterator<Item = f64> {
        let awkward = [0.0, 5e-324, 2.225_073_858_507_201e-308, f64::MIN_POSITIVE, f64::MAX, 0.1, 1e22, 1e23, 9.5e-7]
            .into_iter()
            .chain((-1074..1024).map(|power| 2.0_f64.powi(power)));
        let mut state = 1_u64;
        let random = std::iter::repeat_with(move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from_bits(state ^ (state >> 31))
        });
        awkward.chain(random.filter(|value| value.is_finite()).take(5_000))
    }

    #[test]
    fn texts_read_as_the_nearest_float() {
        let half_way = format!("{}", 2.0_f64.powi(53) + 1.0);
        let texts =
            ["1", "-1.5e3", "+.5", "5.", "1e400", "-1e400", "1e-400", "9007199254740993", "0e999999999999999999"]
                .into_iter()
                .map(str::to_owned)
                .chain(
                    ["2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308"].map(str::to_owned),
                )
                .chain([
                    format!("{half_way}.{}1", "0".repeat(2000)),
                    "9".repeat(400),
                    format!("0.{}1e2000", "0".repeat(1999)),
                ])
                .chain([format!("9007199254740993{}e-900", "0".repeat(900)), format!("1{}e-5000", "0".repeat(5000))])
                .chain(floats().flat_map(|value| [format!("{value}"), format!("{value:e}"), format!("{value:.3e}")]))
                .chain(floats().take(1000).map(|value| format!("{value:.1100}")));
        for text in texts {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(parse(&text).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
        for text in ["", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x1", "inf", "1_0", " 1", "--1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn floats_are_written_with_the_fewest_digits() {
        assert_eq!([f64::INFINITY, f64::NEG_INFINITY, f64::NAN].map(text), ["inf", "-inf", "NaN"]);
        for value in floats() {
            let shortest = Shortest::from(value);
            assert_eq!(text(value), format!("{value}"));
            assert_eq!(format!("{}e{}", shortest.mantissa(), shortest.exponent), format!("{value:e}"));
            let value = value as f32;
            if value.is_finite() {
                assert_eq!(Shortest::from(value).positional(), format!("{value}"));
            }
        }
    }
}
