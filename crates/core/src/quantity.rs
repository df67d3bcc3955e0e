//! Kubernetes' quantities (apimachinery, pkg/api/resource), exactly and without floating point.
//!
//! Where the code differs from what its documentation says, the code counts: a text that passes for canonical is kept
//! as written (`+1`, `5.`, `1.500`), decimals above the suffix `E` lose their suffix when they are written out again.

mod natural;

use natural::Natural;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;

/// The family of suffixes that a quantity was written with; it is written out again with the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Format {
    /// `12M`
    DecimalSI,
    /// `12Mi`
    BinarySI,
    /// `12e6`
    DecimalExponent,
}

impl Format {
    /// The name in Kubernetes' code.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DecimalSI => "DecimalSI",
            Self::BinarySI => "BinarySI",
            Self::DecimalExponent => "DecimalExponent",
        }
    }
}

/// Why a text is no quantity; the text is Kubernetes' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// It does not have the shape of a quantity.
    Format,
    /// It has no digit at all, and a suffix that keeps it from counting as zero.
    Numeric,
    /// There is no such suffix.
    Suffix,
}

impl fmt::Display for QuantityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Format => {
                "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            }
            Self::Numeric => "unable to parse numeric part of quantity",
            Self::Suffix => "unable to parse quantity's suffix",
        })
    }
}

/// The smallest power of ten that is kept: everything finer is rounded up to it.
const NANO: i64 = -9;

/// So many digits always fit into 64 bits. Upstream: math.go maxInt64Factors.
const MOST_SHORT_DIGITS: usize = 18;

/// Operands whose digits lie further apart than this are not aligned: writing out the zeros between them could take
/// forever, and the smaller one cannot matter to anybody.
const WIDEST: i64 = 4096;

/// An amount of a resource.
#[derive(Clone, Debug)]
pub struct Quantity {
    negative: bool,
    mantissa: Natural,
    /// The value is the mantissa times this power of ten.
    exponent: i64,
    format: Format,
    /// The text as written, where Kubernetes takes it for canonical.
    written: Option<String>,
    /// Whether the real code holds it as a decimal of any length. Those it rounds up by adding one, below zero too.
    long: bool,
}

impl Quantity {
    /// No amount, in decimal notation.
    #[must_use]
    pub fn zero() -> Self {
        Self {
            negative: false,
            mantissa: Natural::default(),
            exponent: 0,
            format: Format::DecimalSI,
            written: None,
            long: false,
        }
    }

    /// Reads a quantity as `ParseQuantity` does.
    ///
    /// # Errors
    /// See [`QuantityError`].
    pub fn parse(text: &str) -> Result<Self, QuantityError> {
        let parts = Parts::split(text)?;
        let (binary, exponent, format) = suffix(parts.suffix).ok_or(QuantityError::Suffix)?;
        let length = parts.whole.len().saturating_add(parts.fraction.len());
        let digits = format!("{}{}", parts.whole, parts.fraction);
        let mut quantity = Self {
            negative: parts.negative,
            mantissa: Natural::from_digits(&digits),
            exponent: 0,
            format,
            written: None,
            long: true,
        };
        // A sign or a point alone is zero only on the short way of the real code.
        let numeric = || if parts.digits { Ok(()) } else { Err(QuantityError::Numeric) };

        if binary {
            quantity.exponent = 0 - length_of(parts.fraction);
            // The short way of the real code keeps the text; it is open for numbers of few digits only.
            let room = 14 - i64::from(exponent) * 3 / 10 - length_of(parts.whole);
            let short = parts.fraction.is_empty() && room >= 0;
            if short {
                quantity.long = false;
            } else {
                numeric()?;
            }
            if short && quantity.mantissa.divided(8).1 != 0 {
                quantity.written = Some(text.to_owned());
            }
            for _ in 0..exponent / 10 {
                quantity.mantissa = quantity.mantissa.times(1024);
            }
            quantity.round_to_nano();
            quantity.cap();
            return Ok(quantity.without_negative_zero());
        }

        let scale = exponent.wrapping_sub(i32::try_from(parts.fraction.len()).unwrap_or(i32::MAX));
        quantity.exponent = i64::from(scale);
        if length <= MOST_SHORT_DIGITS && i64::from(scale) >= NANO {
            quantity.long = false;
            if scale % 3 == 0 && !digits.ends_with("000") && !digits.starts_with('0') {
                quantity.written = Some(text.to_owned());
            }
        } else {
            numeric()?;
            quantity.exponent = i64::from(exponent) - length_of(parts.fraction);
            quantity.round_to_nano();
        }
        Ok(quantity.without_negative_zero())
    }

    /// The family of suffixes.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn sign(&self) -> i32 {
        match (self.mantissa.is_zero(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    /// The value in whole units, rounded away from zero (one that is held as a decimal and is below zero: cut, and one
    /// added); `None` where it leaves 64 bits.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        self.scaled(0)
    }

    /// The value in thousandths, rounded like [`Self::value`]; `None` where it leaves 64 bits.
    #[must_use]
    pub fn milli_value(&self) -> Option<i64> {
        self.scaled(-3)
    }

    /// The value in whole units as Kubernetes' arithmetic gives it, also where it leaves 64 bits.
    #[must_use]
    pub fn wrapping_value(&self) -> i64 {
        self.scaled(0).unwrap_or_else(|| self.overflow(0))
    }

    /// The value in thousandths as Kubernetes' arithmetic gives it, also where it leaves 64 bits.
    #[must_use]
    pub fn wrapping_milli_value(&self) -> i64 {
        self.scaled(-3).unwrap_or_else(|| self.overflow(-3))
    }

    /// What is left of a value beyond 64 bits: its lowest bits, or nothing where a short number is scaled step by step.
    /// Upstream: amount.go AsScaledInt64, math.go positiveScaleInt64 and scale_int.go scaledValue.
    fn overflow(&self, scale: i64) -> i64 {
        let shift = self.exponent - scale;
        let short = self.mantissa.to_u64().is_some_and(|value| i64::try_from(value).is_ok());
        if short && !matches!(shift, 0..=3 | 6 | 9) {
            return 0;
        }
        let bits = if shift >= 0 {
            let factor = u32::try_from(shift).ok().and_then(|shift| 10_i64.checked_pow(shift));
            self.mantissa.low_bits().wrapping_mul(factor.unwrap_or(i64::MIN).cast_unsigned())
        } else {
            round_up(self.mantissa.shifted_down(usize::try_from(-shift).unwrap_or(usize::MAX))).low_bits()
        };
        if self.negative { bits.cast_signed().wrapping_neg() } else { bits.cast_signed() }
    }

    fn scaled(&self, scale: i64) -> Option<i64> {
        let shift = self.exponent - scale;
        let magnitude = if self.mantissa.is_zero() {
            return Some(0);
        } else if shift >= 0 {
            // Nothing with twenty more digits fits into 64 bits.
            self.mantissa.shifted_up(usize::try_from(shift).ok().filter(|shift| *shift < 20)?)
        } else {
            let (cut, lost) = self.mantissa.shifted_down(usize::try_from(-shift).ok()?);
            if lost && self.negative && self.long {
                return i64::try_from(cut.to_u64()?).ok()?.checked_neg().map(|value| value + 1);
            }
            round_up((cut, lost))
        };
        let magnitude = magnitude.to_u64()?;
        if self.negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
    }

    /// Compares two amounts; the way they are written does not matter.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let magnitudes = || self.compare_magnitude(other);
        match (self.sign(), other.sign()) {
            (1, 1) => magnitudes(),
            (-1, -1) => magnitudes().reverse(),
            (mine, others) => mine.cmp(&others),
        }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        self.top().cmp(&other.top()).then_with(|| {
            // Equally many digits before the point, so the exponents differ by no more than the digits written.
            let low = self.exponent.min(other.exponent);
            self.mantissa_at(low).cmp(&other.mantissa_at(low))
        })
    }

    /// The sum, with the left operand's format unless that is zero.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let format = if self.mantissa.is_zero() { other.format } else { self.format };
        let sum = |negative, mantissa, exponent| {
            Self { negative, mantissa, exponent, format, written: None, long: false }.without_negative_zero()
        };
        if self.mantissa.is_zero() || (self.top() - other.top()).abs() > WIDEST || other.mantissa.is_zero() {
            let other_wins = !other.mantissa.is_zero() && (self.mantissa.is_zero() || other.top() > self.top());
            let larger = if other_wins { other } else { self };
            return sum(larger.negative, larger.mantissa.clone(), larger.exponent);
        }
        let low = self.exponent.min(other.exponent);
        let (left, right) = (self.mantissa_at(low), other.mantissa_at(low));
        if self.negative == other.negative {
            sum(self.negative, left.plus(&right), low)
        } else if left >= right {
            sum(self.negative, left.minus(&right), low)
        } else {
            sum(other.negative, right.minus(&left), low)
        }
    }

    /// The difference, with the left operand's format unless that is zero.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut negated = other.clone();
        negated.negative = !other.negative;
        self.plus(&negated.without_negative_zero())
    }

    /// How many digits stand before the decimal point; negative for zeros behind it.
    fn top(&self) -> i64 {
        i64::try_from(self.mantissa.digits()).unwrap_or(i64::MAX / 2) + self.exponent
    }

    /// The mantissa for a lower exponent. Callers have made sure that the two lie near each other.
    fn mantissa_at(&self, exponent: i64) -> Natural {
        self.mantissa.shifted_up(usize::try_from(self.exponent - exponent).unwrap_or(0))
    }

    fn round_to_nano(&mut self) {
        if self.exponent < NANO {
            let cut = usize::try_from(NANO - self.exponent).unwrap_or(usize::MAX);
            self.mantissa = round_up(self.mantissa.shifted_down(cut));
            self.exponent = NANO;
        }
    }

    /// Binary quantities end at 2^63 - 1, and below one they become decimal.
    fn cap(&mut self) {
        let limit = Self { mantissa: Natural::from_u64(i64::MAX as u64), ..Self::zero() };
        if self.compare_magnitude(&limit) == Ordering::Greater {
            (self.mantissa, self.exponent) = (limit.mantissa, 0);
        }
        if !self.mantissa.is_zero() && self.top() <= 0 {
            self.format = Format::DecimalSI;
        }
    }

    fn without_negative_zero(mut self) -> Self {
        self.negative &= !self.mantissa.is_zero();
        self
    }

    /// Mantissa and exponent in the form that decimal suffixes need: no zeros at the end, and a multiple of 3.
    fn decimal_form(&self) -> (Natural, i64) {
        let zeros = self.mantissa.trailing_zeros();
        let exponent = self.exponent + i64::try_from(zeros).unwrap_or(0);
        let extra = exponent.rem_euclid(3);
        let mantissa = self.mantissa.shifted_down(zeros).0.shifted_up(usize::try_from(extra).unwrap_or(0));
        (mantissa, exponent - extra)
    }

    /// The value as a whole number, unless it has a fraction or is absurdly large.
    fn whole(&self) -> Option<Natural> {
        if self.exponent >= 0 {
            return (self.exponent <= WIDEST).then(|| self.mantissa_at(0));
        }
        let (whole, lost) = self.mantissa.shifted_down(usize::try_from(-self.exponent).ok()?);
        (!lost).then_some(whole)
    }
}

/// The canonical text (`String` in Kubernetes).
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(written) = &self.written {
            return f.write_str(written);
        }
        if self.mantissa.is_zero() {
            return f.write_str("0");
        }
        if self.negative {
            f.write_str("-")?;
        }
        let limit = Natural::from_u64(1024);
        if self.format == Format::BinarySI
            && let Some(mut number) = self.whole().filter(|number| *number >= limit)
        {
            let mut power = 0;
            while let (quotient, 0) = number.divided(1024) {
                number = quotient;
                power += 1;
            }
            let suffix = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].get(power).copied().unwrap_or_default();
            return write!(f, "{number}{suffix}");
        }
        let (number, exponent) = self.decimal_form();
        write!(f, "{number}")?;
        match (self.format, exponent) {
            (Format::DecimalExponent, 0) => Ok(()),
            (Format::DecimalExponent, _) => write!(f, "e{exponent}"),
            (_, -9) => f.write_str("n"),
            (_, -6) => f.write_str("u"),
            (_, -3) => f.write_str("m"),
            (_, 3) => f.write_str("k"),
            (_, 6) => f.write_str("M"),
            (_, 9) => f.write_str("G"),
            (_, 12) => f.write_str("T"),
            (_, 15) => f.write_str("P"),
            (_, 18) => f.write_str("E"),
            // There is no suffix beyond these, and Kubernetes prints none.
            _ => Ok(()),
        }
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn round_up((quotient, lost): (Natural, bool)) -> Natural {
    if lost { quotient.plus(&Natural::from_u64(1)) } else { quotient }
}

fn length_of(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// The pieces of a written quantity.
struct Parts<'a> {
    negative: bool,
    /// Digits before the point without leading zeros, `0` if none is left.
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
    /// Whether there is any digit before the suffix, leading zeros too.
    digits: bool,
}

impl<'a> Parts<'a> {
    /// As `parseQuantityString`: a sign or a point alone counts as zero.
    fn split(text: &'a str) -> Result<Self, QuantityError> {
        if text.is_empty() {
            return Err(QuantityError::Format);
        }
        let negative = text.starts_with('-');
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text).trim_start_matches('0');
        let (whole, rest) = leading(unsigned, |c| c.is_ascii_digit());
        let (fraction, suffix) = match rest.strip_prefix('.') {
            Some(rest) => leading(rest, |c| c.is_ascii_digit()),
            None => ("", rest),
        };
        let (_, exponent) = leading(suffix, |c| "eEinumkKMGTP".contains(c));
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if !exponent.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(QuantityError::Format);
        }
        let digits = text.strip_suffix(suffix).is_some_and(|number| number.contains(|c: char| c.is_ascii_digit()));
        Ok(Self { negative, whole: if whole.is_empty() { "0" } else { whole }, fraction, suffix, digits })
    }
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(|c| !belongs(c)).unwrap_or(text.len())).unwrap_or((text, ""))
}

/// Whether a suffix is a power of two, its exponent (of two or ten), and its format.
fn suffix(text: &str) -> Option<(bool, i32, Format)> {
    let decimal = |exponent| Some((false, exponent, Format::DecimalSI));
    let binary = |exponent| Some((true, exponent, Format::BinarySI));
    match text {
        "" => decimal(0),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => {
            let exponent: i64 = text.strip_prefix(['e', 'E'])?.parse().ok()?;
            // The real code cuts to 32 bits without looking.
            Some((false, exponent as i32, Format::DecimalExponent))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).unwrap().to_string()
    }

    #[test]
    fn the_canonical_form_loses_nothing_and_has_the_largest_suffix() {
        for (text, expected) in [
            ("1000m", "1"),
            ("0.5Mi", "512Ki"),
            ("1.5Gi", "1536Mi"),
            ("3.7Ki", "3788800m"),
            ("0.0001Ki", "102400u"),
            ("0.1n", "1n"),
            ("1e-99", "1e-9"),
            ("-0", "0"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("9Ei", "9223372036854775807"),
            ("512Ki", "512Ki"),
            ("1.500", "1.500"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn huge_exponents_take_no_time() {
        let huge = Quantity::parse("1e999999999").unwrap();
        let tiny = Quantity::parse("1e-999999999").unwrap();
        let binary = Quantity::parse("1Mi").unwrap();
        assert_eq!(huge.to_string(), "1e999999999");
        assert_eq!(tiny.to_string(), "1e-9");
        assert_eq!(huge.value(), None);
        assert_eq!(huge.compare(&tiny), Ordering::Greater);
        assert_eq!(huge.plus(&tiny).to_string(), "1e999999999");
        assert_eq!(binary.plus(&huge).compare(&huge), Ordering::Equal);
        assert!(!binary.plus(&huge).to_string().is_empty());
        assert_eq!(Quantity::parse("1e99999999999999999999").err(), Some(QuantityError::Suffix));
        assert!(Quantity::parse(&"9".repeat(100_000)).is_ok());
    }

    #[test]
    fn more_than_eighteen_digits_are_a_decimal() {
        // ParseQuantity: with 19 digits the precision is negative, so inf.Dec reads it and no text is kept.
        for (text, expected) in [
            ("9223372036854775808", "9223372036854775808"),
            ("9999999999999999999", "9999999999999999999"),
            ("+9223372036854775807", "9223372036854775807"),
            ("1234567890123456789.", "1234567890123456789"),
            ("+123456789012345678", "+123456789012345678"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn without_a_digit_the_suffix_decides() {
        for text in [".e-10", "-Ei", "Pi", "+e-10"] {
            assert_eq!(Quantity::parse(text).err(), Some(QuantityError::Numeric), "{text}");
        }
        for text in [".", "-", "m", "Ti", "0Ei", "e3"] {
            assert_eq!(canonical(text), "0", "{text}");
        }
    }

    #[test]
    fn long_negative_numbers_round_towards_zero() {
        // amount.go scaledValue cuts and adds one.
        let value = |text| Quantity::parse(text).unwrap().value();
        assert_eq!((value("-1.5000000000000000000"), value("-1.5"), value("-1e-10")), (Some(0), Some(-2), Some(1)));
    }

    #[test]
    fn values_round_away_from_zero() {
        let value = |text| Quantity::parse(text).unwrap().value();
        assert_eq!((value("1m"), value("-1.5"), value("1Ki")), (Some(1), Some(-2), Some(1024)));
        assert_eq!(value("10E"), None);
        assert_eq!(Quantity::parse("1m").unwrap().milli_value(), Some(1));
    }

    #[test]
    fn beyond_64_bits_the_value_is_what_the_arithmetic_leaves() {
        let quantity = |text| Quantity::parse(text).unwrap();
        // positiveScaleInt64: by 10^3 the product wraps, by other powers the overflow gives 0.
        assert_eq!(quantity("10000000000000001").wrapping_milli_value(), 10_000_000_000_000_001_i64.wrapping_mul(1000));
        assert_eq!((quantity("10P").wrapping_milli_value(), quantity("10E").wrapping_value()), (0, 0));
        assert_eq!(quantity("1e30").wrapping_value(), 0);
        // scaledValue: the lowest 64 bits of the big number.
        assert_eq!(quantity("18446744073709551617").wrapping_value(), 1);
        assert_eq!(quantity("-18446744073709551617").wrapping_value(), -1);
        assert_eq!(quantity("16Pi").wrapping_milli_value(), (1_i64 << 54).wrapping_mul(1000));
        assert_eq!((quantity("5").wrapping_value(), quantity("1500m").wrapping_milli_value()), (5, 1500));
    }
}
