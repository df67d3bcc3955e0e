//! Natural numbers of any size, in base 10^9 so that powers of ten are cheap.

use std::cmp::Ordering;
use std::fmt::Write as _;

const BASE: u64 = 1_000_000_000;
/// Decimal digits in a limb.
const WIDTH: usize = 9;

/// A natural number: limbs from low to high, without zero limbs at the top.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Natural(Vec<u32>);

impl Natural {
    /// Reads decimal digits; anything else counts as 0.
    pub fn from_digits(digits: &str) -> Self {
        let limb =
            |chunk: &[u8]| chunk.iter().fold(0, |limb, digit| limb * 10 + u32::from(digit.wrapping_sub(b'0')).min(9));
        Self(digits.as_bytes().rchunks(WIDTH).map(limb).collect()).trimmed()
    }

    pub fn from_u64(value: u64) -> Self {
        Self(vec![(value % BASE) as u32, (value / BASE % BASE) as u32, (value / BASE / BASE) as u32]).trimmed()
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// How many decimal digits it has; 0 has none.
    pub fn digits(&self) -> usize {
        let top = self.0.last().map_or(0, |limb| limb.checked_ilog10().map_or(0, |log| log as usize + 1));
        self.0.len().saturating_sub(1) * WIDTH + top
    }

    /// How many zeros it ends in.
    pub fn trailing_zeros(&self) -> usize {
        let Some(at) = self.0.iter().position(|limb| *limb != 0) else { return 0 };
        let mut limb = self.0.get(at).copied().unwrap_or(1);
        let mut zeros = at * WIDTH;
        while limb.is_multiple_of(10) {
            limb /= 10;
            zeros += 1;
        }
        zeros
    }

    /// Times a small number.
    #[must_use]
    pub fn times(&self, factor: u32) -> Self {
        let mut carry = 0;
        let mut limbs: Vec<u32> = Vec::with_capacity(self.0.len() + 2);
        for limb in &self.0 {
            let product = u64::from(*limb) * u64::from(factor) + carry;
            limbs.push((product % BASE) as u32);
            carry = product / BASE;
        }
        limbs.extend([(carry % BASE) as u32, (carry / BASE) as u32]);
        Self(limbs).trimmed()
    }

    /// Divided by a small number, with the remainder; 0 when divided by 0.
    #[must_use]
    pub fn divided(&self, divisor: u32) -> (Self, u32) {
        let mut rest = 0;
        let mut limbs: Vec<u32> = self
            .0
            .iter()
            .rev()
            .map(|limb| {
                let value = rest * BASE + u64::from(*limb);
                rest = value.checked_rem(u64::from(divisor)).unwrap_or(0);
                value.checked_div(u64::from(divisor)).unwrap_or(0) as u32
            })
            .collect();
        limbs.reverse();
        (Self(limbs).trimmed(), rest as u32)
    }

    /// Times 10^`power`.
    #[must_use]
    pub fn shifted_up(&self, power: usize) -> Self {
        if self.is_zero() {
            return Self::default();
        }
        let mut limbs = vec![0; power / WIDTH];
        limbs.extend(self.times(small_power(power % WIDTH)).0);
        Self(limbs)
    }

    /// Divided by 10^`power`, and whether something was lost.
    #[must_use]
    pub fn shifted_down(&self, power: usize) -> (Self, bool) {
        let cut = power / WIDTH;
        let lost = self.0.iter().take(cut).any(|limb| *limb != 0);
        let (quotient, rest) = Self(self.0.iter().skip(cut).copied().collect()).divided(small_power(power % WIDTH));
        (quotient, lost || rest != 0)
    }

    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut carry = 0;
        let count = self.0.len().max(other.0.len());
        let mut limbs: Vec<u32> = (0..count)
            .map(|at| {
                let sum = self.limb(at) + other.limb(at) + carry;
                carry = sum / BASE;
                (sum % BASE) as u32
            })
            .collect();
        limbs.push(carry as u32);
        Self(limbs).trimmed()
    }

    /// The difference; `other` must not be larger.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut borrow = 0;
        let limbs = (0..self.0.len()).map(|at| {
            let value = BASE + self.limb(at) - other.limb(at) - borrow;
            borrow = u64::from(value < BASE);
            (value % BASE) as u32
        });
        Self(limbs.collect()).trimmed()
    }

    /// The number, if it fits.
    pub fn to_u64(&self) -> Option<u64> {
        self.0.iter().rev().try_fold(0_u64, |value, limb| value.checked_mul(BASE)?.checked_add(u64::from(*limb)))
    }

    /// The number modulo 2^64.
    pub fn low_bits(&self) -> u64 {
        self.0.iter().rev().fold(0_u64, |bits, limb| bits.wrapping_mul(BASE).wrapping_add(u64::from(*limb)))
    }

    fn limb(&self, at: usize) -> u64 {
        self.0.get(at).copied().map_or(0, u64::from)
    }

    fn trimmed(mut self) -> Self {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        self
    }
}

fn small_power(power: usize) -> u32 {
    10_u32.saturating_pow(u32::try_from(power).unwrap_or(0))
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl std::fmt::Display for Natural {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut limbs = self.0.iter().rev();
        let mut text = limbs.next().copied().unwrap_or(0).to_string();
        for limb in limbs {
            write!(text, "{limb:09}")?;
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natural(digits: &str) -> Natural {
        Natural::from_digits(digits)
    }

    #[test]
    fn arithmetic_beyond_machine_words() {
        let big = natural("340282366920938463463374607431768211456");
        assert_eq!(big.times(1024).to_string(), "348449143727040986586495598010130648530944");
        assert_eq!(big.times(1024).divided(1024), (big.clone(), 0));
        assert_eq!(big.plus(&natural("544")).to_string(), "340282366920938463463374607431768212000");
        assert_eq!(big.plus(&natural("544")).trailing_zeros(), 3);
        assert_eq!(big.minus(&natural("456")).to_string(), "340282366920938463463374607431768211000");
        assert_eq!(big.digits(), 39);
        assert_eq!(big.to_u64(), None);
        assert_eq!(natural("18446744073709551615").to_u64(), Some(u64::MAX));
        assert_eq!(Natural::from_u64(u64::MAX), natural("18446744073709551615"));
        assert!(natural("1000000000") > natural("999999999"));
    }

    #[test]
    fn powers_of_ten_shift_digits() {
        assert_eq!(natural("12").shifted_up(20).to_string(), "1200000000000000000000");
        assert_eq!(natural("1200000000000000000000").shifted_down(20), (natural("12"), false));
        assert_eq!(natural("1200000000000000000001").shifted_down(20), (natural("12"), true));
        assert_eq!(natural("12").shifted_down(100), (Natural::default(), true));
        assert_eq!(natural("000").to_string(), "0");
    }
}
