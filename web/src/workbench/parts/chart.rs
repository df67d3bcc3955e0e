//! A chart of what lies beside what in time: rows with bars and points over one axis of seconds.
//!
//! Positions are percentages, so that it fits any width without its letters growing or shrinking.

use crate::prelude::*;
use podwhy_core::time::Duration;
use web_sys::Element;

/// Something that lasts.
pub struct Bar {
    /// When it begins.
    pub from: Duration,
    /// When it ends.
    pub to: Duration,
    /// How it is drawn: `pulls`, `failed`, `waits`, `backs-off`, `runs`, or a tone.
    pub class: &'static str,
    /// A word inside, if there is room.
    pub label: String,
    /// All of it, for who points at it.
    pub title: String,
}

/// Something that happens.
pub struct Point {
    /// When.
    pub at: Duration,
    /// How it is drawn: `yes`, `no` or `look`.
    pub class: &'static str,
    /// All of it, for who points at it.
    pub title: String,
}

/// One line of the chart.
#[derive(Default)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// More about it, fainter.
    pub note: String,
    /// What lasts; later ones are drawn over earlier ones.
    pub bars: Vec<Bar>,
    /// What happens, drawn over the bars.
    pub points: Vec<Point>,
}

/// The whole chart.
pub struct Chart {
    /// The beginning of its elements' ids.
    pub id: &'static str,
    /// What it shows, as a sentence for who does not see it.
    pub sentence: String,
    /// The axis ends here.
    pub until: Duration,
    pub rows: Vec<Row>,
    /// The moment that is looked at.
    pub now: Option<Duration>,
    /// Somebody points at a moment.
    pub onpick: Callback<Duration>,
}

const AXIS: usize = 20;
const ROW: usize = 42;
/// From the top of a row to its bars, and their height.
const BARS: (usize, usize) = (19, 16);

/// A length of time as short as an axis needs it.
pub fn short(length: Duration) -> String {
    let text = length.to_string();
    let text = text.strip_suffix("m0s").map_or_else(|| text.clone(), |minutes| format!("{minutes}m"));
    text.strip_suffix("h0m").map_or_else(|| text.clone(), |hours| format!("{hours}h"))
}

/// The distance of the axis' ticks: at most eight of them.
fn tick(until: Duration) -> Duration {
    let steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 1_800, 3_600];
    let fits = |step: &i64| until.as_secs_f64() / (*step as f64) <= 8.0;
    Duration::from_secs(steps.into_iter().find(fits).unwrap_or(7_200))
}

impl Chart {
    fn percent(&self, at: Duration) -> f64 {
        if self.until <= Duration::ZERO {
            return 0.0;
        }
        (at.as_secs_f64() / self.until.as_secs_f64() * 100.0).clamp(0.0, 100.0)
    }

    fn x(&self, at: Duration) -> String {
        format!("{:.3}%", self.percent(at))
    }

    /// The picture.
    pub fn draw(&self) -> Html {
        let height = AXIS + ROW * self.rows.len() + 2;
        let (onpick, until) = (self.onpick.clone(), self.until);
        let onclick = Callback::from(move |event: MouseEvent| {
            let Some(area) =
                event.current_target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<Element>(target).ok())
            else {
                return;
            };
            let area = area.get_bounding_client_rect();
            if area.width() > 0.0 {
                let share = ((f64::from(event.client_x()) - area.left()) / area.width()).clamp(0.0, 1.0);
                onpick.emit(Duration::from_secs_f64((share * until.as_secs_f64()).round()));
            }
        });
        html! {
            <svg class={classes!("chart", self.now.map(|_| "pickable"))} width="100%" height={height.to_string()} role="img" aria-label={self.sentence.clone()} {onclick}>
                <defs>
                    <pattern id={format!("{}-waits", self.id)} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <line class="chart-hatch" x1="0" y1="0" x2="0" y2="6" />
                    </pattern>
                </defs>
                { self.axis(height) }
                { for self.rows.iter().enumerate().map(|(index, row)| self.row(AXIS + ROW * index, row)) }
                if let Some(now) = self.now {
                    <line class="chart-now" x1={self.x(now)} x2={self.x(now)} y1="0" y2={height.to_string()} />
                }
            </svg>
        }
    }

    fn axis(&self, height: usize) -> Html {
        let step = tick(self.until);
        let ticks = (0..=8).map(|number| step.times(number)).take_while(|at| *at <= self.until);
        let one = |at: Duration| {
            let percent = self.percent(at);
            let anchor = if percent < 3.0 {
                "start"
            } else if percent > 95.0 {
                "end"
            } else {
                "middle"
            };
            html! {
                <>
                    <line class="chart-tick" x1={self.x(at)} x2={self.x(at)} y1={(AXIS - 4).to_string()} y2={height.to_string()} />
                    <text class="chart-axis" x={self.x(at)} y="11" text-anchor={anchor}>{ short(at) }</text>
                </>
            }
        };
        html! { <g>{ for ticks.map(one) }</g> }
    }

    fn row(&self, top: usize, row: &Row) -> Html {
        let y = (top + BARS.0).to_string();
        let middle = top + BARS.0 + BARS.1 / 2;
        let hatched = format!("url(#{}-waits)", self.id);
        let bar = |bar: &Bar| {
            let fill = (bar.class == "waits").then(|| hatched.clone());
            let (from, to) = (self.percent(bar.from), self.percent(bar.to));
            let width = (to - from).max(0.0);
            // A letter needs less than one percent of a wide view and two of a phone; the styles know which it is.
            let needs = bar.label.chars().count() as f64;
            let class = match width - 1.0 {
                room if room < needs * 0.72 => None,
                room if room < needs * 1.2 => Some("chart-label roomy-only"),
                room if room < needs * 2.0 => Some("chart-label wide-only"),
                _ => Some("chart-label"),
            };
            html! {
                <g class={classes!("chart-bar", bar.class)}>
                    <title>{ &bar.title }</title>
                    <rect x={format!("{from:.3}%")} width={format!("{width:.3}%")} y={y.clone()} height={BARS.1.to_string()} rx="2" {fill} />
                    if let Some(class) = class {
                        <text {class} x={format!("{:.3}%", from + width / 2.0)} y={(middle + 4).to_string()} text-anchor="middle">{ &bar.label }</text>
                    }
                </g>
            }
        };
        let point = |point: &Point| {
            let path = match point.class {
                "no" => "m-2.6-2.6 5.2 5.2m0-5.2-5.2 5.2",
                "yes" => "m-3 .2 2.2 2.2 3.8-4.6",
                _ => "M0 3.5v4",
            };
            html! {
                <svg class={classes!("chart-point", point.class)} x={self.x(point.at)} y={middle.to_string()}>
                    <title>{ &point.title }</title>
                    if point.class != "look" {
                        <circle r="6" />
                    }
                    <path d={path} />
                </svg>
            }
        };
        html! {
            <g>
                <text class="chart-name" x="0" y={(top + 14).to_string()}>
                    { &row.name }
                    <tspan class="chart-note" dx="8">{ &row.note }</tspan>
                </text>
                { for row.bars.iter().filter(|bar| bar.from <= self.until).map(bar) }
                { for row.points.iter().filter(|point| point.at <= self.until).map(point) }
            </g>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_few_ticks_and_short_words() {
        for seconds in [1, 13, 60, 299, 1_200, 7_200] {
            let until = Duration::from_secs(seconds);
            let count = until.as_secs_f64() / tick(until).as_secs_f64();
            assert!((0.5..=8.0).contains(&count), "{seconds}: {count}");
        }
        let words = |seconds| short(Duration::from_secs(seconds));
        assert_eq!([words(0), words(45), words(120), words(90), words(3_600)], ["0s", "45s", "2m", "1m30s", "1h"]);
    }
}
