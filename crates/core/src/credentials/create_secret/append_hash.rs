//! The hash that `--append-hash` puts behind a Secret's name: SecretHash of staging/src/k8s.io/kubectl/pkg/util/hash.

use super::SecretManifest;
use crate::quote::quote_json;
use sha2::{Digest, Sha256};

impl SecretManifest {
    /// Ten letters and digits that change with the Secret's name, type and data.
    pub(in crate::credentials) fn hash(&self) -> String {
        let data: Vec<_> = self.sorted_data().map(|(key, value)| format!("{}:\"{value}\"", quote_json(key))).collect();
        let (data, name, kind) = (data.join(","), quote_json(&self.name), quote_json(&self.kind));
        let text = format!("{{\"data\":{{{data}}},\"kind\":\"Secret\",\"name\":{name},\"type\":{kind}}}");
        let digits: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        // No vowels and no digits that look like letters, so that it spells nothing.
        let plain = |digit| match digit {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        };
        digits.chars().take(10).map(plain).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_a_secret() {
        let manifest = SecretManifest {
            name: "a".to_owned(),
            namespace: "not in it".to_owned(),
            kind: "kubernetes.io/dockerconfigjson".to_owned(),
            data: vec![(".dockerconfigjson".to_owned(), b"{}".to_vec())],
        };
        // The first digits of its SHA-256 are e2e7f705dc.
        assert_eq!(manifest.hash(), "t2t7f7g5dc");
    }
}
