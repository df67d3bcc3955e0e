//! Numbers for names, so that a long list of them is gone through once.

/// Different names, each with its number in the order in which they came.
///
/// What a `BTreeMap<&str, usize>` would be; one is compiled for all, and the page downloads that.
#[derive(Clone, Debug, Default)]
pub struct Names<'a> {
    names: Vec<&'a str>,
    /// Numbers plus one by the names' hash; 0 is free. At least half are free.
    slots: Vec<usize>,
}

impl<'a> Names<'a> {
    /// The name's number, if it came.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        self.place(name).ok()
    }

    /// The name's number and whether it is new.
    pub fn add(&mut self, name: &'a str) -> (usize, bool) {
        if 2 * self.names.len() >= self.slots.len() {
            self.slots = vec![0; (2 * self.slots.len()).max(16)];
            for (number, known) in self.names.iter().enumerate() {
                if let Err(free) = find(&self.slots, &self.names, known)
                    && let Some(slot) = self.slots.get_mut(free)
                {
                    *slot = number + 1;
                }
            }
        }
        match self.place(name) {
            Ok(number) => (number, false),
            Err(free) => {
                self.names.push(name);
                if let Some(slot) = self.slots.get_mut(free) {
                    *slot = self.names.len();
                }
                (self.names.len() - 1, true)
            }
        }
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        find(&self.slots, &self.names, name)
    }
}

impl<'a> FromIterator<&'a str> for Names<'a> {
    fn from_iter<T: IntoIterator<Item = &'a str>>(names: T) -> Self {
        let mut all = Self::default();
        for name in names {
            all.add(name);
        }
        all
    }
}

/// The name's number, or the slot that is free for it.
fn find(slots: &[usize], names: &[&str], name: &str) -> Result<usize, usize> {
    // FNV-1a.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let mut at = hash as usize;
    loop {
        at &= slots.len().wrapping_sub(1);
        match slots.get(at) {
            None | Some(0) => return Err(at),
            Some(number) if names.get(number - 1) == Some(&name) => return Ok(number - 1),
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn every_name_keeps_its_number() {
        let names: Vec<String> = (0..1000).map(|number| format!("name-{number}")).collect();
        let mut all = Names::default();
        assert_eq!(all.number("name-0"), None);
        for (number, name) in names.iter().enumerate() {
            assert_eq!(all.add(name), (number, true));
            assert_eq!(all.add(name), (number, false));
        }
        assert_eq!(all.number("name-999"), Some(999));
        assert_eq!(all.number("name-1000"), None);
        assert_eq!(["a", "b", "a"].into_iter().collect::<Names>().number("b"), Some(1));
    }
}
