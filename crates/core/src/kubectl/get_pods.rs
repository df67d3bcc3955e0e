//! The table that `kubectl get pods` prints.

use crate::kubectl::human_duration::human_duration;
use crate::time::Duration;

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodRow {
    /// NAME.
    pub name: String,
    /// READY.
    pub ready: String,
    /// STATUS.
    pub status: String,
    /// RESTARTS.
    pub restarts: String,
    /// AGE: how long ago the pod was created.
    pub age: Duration,
}

/// No column is narrower.
const MIN_WIDTH: usize = 6;
/// Blanks between a column's widest cell and the next column.
const PADDING: usize = 3;

/// The table, with its heading.
///
/// Source: k8s.io/cli-runtime/pkg/printers/tabwriter.go GetNewTabWriter, tableprinter.go.
#[must_use]
pub fn get_pods(pods: &[PodRow]) -> String {
    let heading = ["NAME", "READY", "STATUS", "RESTARTS", "AGE"].map(str::to_owned);
    let cells = |pod: &PodRow| {
        [pod.name.clone(), pod.ready.clone(), pod.status.clone(), pod.restarts.clone(), human_duration(pod.age)]
    };
    let lines: Vec<[String; 5]> = std::iter::once(heading).chain(pods.iter().map(cells)).collect();
    let mut out = String::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            out.push_str(cell);
            if column + 1 == line.len() {
                break;
            }
            let lengths = lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count());
            let width = (lengths.max().unwrap_or_default() + PADDING).max(MIN_WIDTH);
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_three_blanks_apart() {
        let row = PodRow {
            name: "web".to_owned(),
            ready: "0/1".to_owned(),
            status: "ImagePullBackOff".to_owned(),
            restarts: "0".to_owned(),
            age: Duration::from_secs(137),
        };
        assert_eq!(
            get_pods(&[row]),
            "NAME   READY   STATUS             RESTARTS   AGE\nweb    0/1     ImagePullBackOff   0          2m17s\n"
        );
    }
}
