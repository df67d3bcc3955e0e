//! "Did you mean": the known name that is nearest to an unknown one.

/// Longer names are not compared: nobody mistypes a field into something this long, and the work is quadratic.
const LONGEST: usize = 64;

/// The nearest of `candidates` to `name`, if one is near enough to have been meant.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(name);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let limit = (wanted.len() / 3).clamp(1, 4);
    let distance = |candidate: &'a str| {
        let other = plain(candidate);
        // A plural or an ending too few is the commonest slip of all.
        let distance = edit_distance(&wanted, &other);
        (distance <= limit && distance < other.len()).then_some((distance, candidate))
    };
    candidates.filter_map(distance).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// Lower case without `_` and `-`, so that `node_selector` and `NodeSelector` are the same as `nodeSelector`.
fn plain(name: &str) -> Vec<char> {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).take(LONGEST + 1).collect()
}

/// How many letters must be added, dropped, changed or swapped with their neighbour.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = (get(&last, j) + usize::from(x != y)).min(get(&last, j + 1) + 1).min(get(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(get(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_the_name_that_was_meant() {
        let names = ["name", "image", "imagePullPolicy", "imagePullSecrets", "nodeSelector", "labels", "env"];
        for (wrong, right) in [
            ("imagePullSecret", "imagePullSecrets"),
            ("imagepullpolicy", "imagePullPolicy"),
            ("node_selector", "nodeSelector"),
            ("lables", "labels"),
            ("Name", "name"),
        ] {
            assert_eq!(nearest(wrong, names.into_iter()), Some(right), "{wrong}");
        }
        for wrong in ["bogus", "x", "", "volumes"] {
            assert_eq!(nearest(wrong, names.into_iter()), None, "{wrong}");
        }
        assert_eq!(nearest(&"x".repeat(100_000), names.into_iter()), None);
    }
}
