//! From time to pixels, and the marks on the ruler.

use crate::workbench::parts::chart::short;
use podwhy_core::lifecycle::{Millis, SECOND};
use podwhy_core::timeline::{Timeline, What, to_duration};

/// Which part of the life the picture shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// Up to what ends it.
    Start,
    /// From what ends it.
    End,
}

impl Part {
    /// Every part, in the order of its buttons.
    pub const ALL: [Self; 3] = [Self::Whole, Self::Start, Self::End];

    /// The words on its button.
    pub fn words(self) -> &'static str {
        match self {
            Self::Whole => "Whole life",
            Self::Start => "Start",
            Self::End => "End",
        }
    }
}

/// The stretch of time that is drawn, and the moment that the ruler counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    pub from: Millis,
    pub to: Millis,
    /// When the end begins: 0 on the ruler; the beginning where nothing ends.
    pub zero: Millis,
}

/// The stretch that shows a life, and another one under it, with room at the right to drag into.
pub fn range(played: &Timeline, other: Option<&std::rc::Rc<Timeline>>, part: Part) -> Reach {
    let far = other.map_or(0, |other| far_end(other)).max(far_end(played));
    let zero = played.ends_at.unwrap_or_default();
    let end = played.ends_at.unwrap_or(far);
    let (from, to) = match part {
        Part::Whole => (0, far),
        Part::Start => (0, end),
        Part::End if played.ends_at.is_some() => (end.saturating_sub(far.saturating_sub(end) / 20), far),
        Part::End => (0, far),
    };
    let length = to.saturating_sub(from).max(SECOND);
    Reach { from, to: from + length + length / 12, zero }
}

/// Where everything worth seeing has passed. What was cut off is shown up to half of the rest, so that an absurd time
/// does not press everything else together.
fn far_end(played: &Timeline) -> Millis {
    let end = played.end.max(played.grace.map_or(0, |grace| grace.end.min(played.end.saturating_mul(2))));
    let beyond = played.lanes.iter().flat_map(|lane| &lane.segments);
    let beyond = beyond.filter(|segment| matches!(segment.what, What::PreStopBeyond | What::StoppingBeyond));
    let beyond = beyond.map(|segment| segment.end.min(end.saturating_add(end / 2))).max().unwrap_or_default();
    end.max(beyond).max(SECOND)
}

/// Time to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub reach: Reach,
    /// The first pixel of the axis.
    pub left: f64,
    /// The axis' width in pixels.
    pub width: f64,
}

impl Scale {
    /// Pixels of a millisecond.
    pub fn density(&self) -> f64 {
        self.width / (self.reach.to.saturating_sub(self.reach.from)).max(1) as f64
    }

    /// Where a moment lies, kept inside the axis.
    pub fn x(&self, at: Millis) -> f64 {
        let offset = at.clamp(self.reach.from, self.reach.to) - self.reach.from;
        self.left + offset as f64 * self.density()
    }

    /// The moment at a pixel.
    pub fn at(&self, x: f64) -> Millis {
        let offset = ((x - self.left).clamp(0.0, self.width) / self.density()).round();
        self.reach.from + offset as Millis
    }

    /// Whether a moment lies on the axis.
    pub fn shows(&self, at: Millis) -> bool {
        (self.reach.from..=self.reach.to).contains(&at)
    }

    /// The marks of the ruler, at least this many pixels apart: each moment with its words.
    pub fn ticks(&self, apart: f64) -> Vec<(Millis, String)> {
        const STEPS: [Millis; 17] = [
            100,
            500,
            1_000,
            2_000,
            5_000,
            10_000,
            15_000,
            30_000,
            60_000,
            120_000,
            300_000,
            600_000,
            1_800_000,
            3_600_000,
            21_600_000,
            86_400_000,
            604_800_000,
        ];
        let fits = |step: &&Millis| **step as f64 * self.density() >= apart;
        let step = STEPS.iter().find(fits).copied().unwrap_or(604_800_000);
        let Reach { from, to, zero } = self.reach;
        let first = (zero % step..).step_by(usize::try_from(step).unwrap_or(usize::MAX)).find(|at| *at >= from);
        let mut ticks = Vec::new();
        let mut at = first.unwrap_or(from);
        while at <= to && ticks.len() < 200 {
            ticks.push((at, since(at, zero)));
            at = at.saturating_add(step);
        }
        ticks
    }

    /// The step of a dragged time: the finest that a hand can hit.
    pub fn step(&self) -> Millis {
        match self.density() * SECOND as f64 {
            pixels if pixels < 12.0 => SECOND,
            pixels if pixels < 60.0 => SECOND / 2,
            _ => SECOND / 10,
        }
    }
}

/// A moment as the ruler names it: `−2s`, `0`, `+55s`.
pub fn since(at: Millis, zero: Millis) -> String {
    match at.cmp(&zero) {
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Less => format!("\u{2212}{}", brief(zero - at)),
        std::cmp::Ordering::Greater if zero == 0 => brief(at),
        std::cmp::Ordering::Greater => format!("+{}", brief(at - zero)),
    }
}

/// Whole seconds up to ten minutes: graces are counted in them.
fn brief(length: Millis) -> String {
    if length.is_multiple_of(SECOND) && length <= 600 * SECOND {
        format!("{}s", length / SECOND)
    } else {
        short(to_duration(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(from: Millis, to: Millis, zero: Millis) -> Scale {
        Scale { reach: Reach { from, to, zero }, left: 100.0, width: 600.0 }
    }

    #[test]
    fn pixels_and_moments_agree() {
        let scale = scale(10_000, 70_000, 10_000);
        assert_eq!(scale.x(40_000), 400.0);
        assert_eq!(scale.at(400.0), 40_000);
        assert_eq!((scale.at(0.0), scale.at(9_999.0)), (10_000, 70_000));
        assert_eq!(scale.x(0), 100.0);
    }

    #[test]
    fn the_ruler_counts_from_the_end() {
        let ticks = scale(0, 72_000, 12_000).ticks(60.0);
        let words: Vec<&str> = ticks.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["\u{2212}10s", "0", "+10s", "+20s", "+30s", "+40s", "+50s", "+60s"]);
        assert_eq!(scale(0, 5_000, 0).ticks(60.0)[1].1, "500ms");
        assert!(scale(0, u64::MAX / 2, 0).ticks(60.0).len() <= 200);
    }
}
