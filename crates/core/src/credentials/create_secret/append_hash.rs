//! The hash that `--append-hash` puts behind a Secret's name: SecretHash of staging/src/k8s.io/kubectl/pkg/util/hash.

use super::SecretManifest;
use crate::quote::quote_json;

impl SecretManifest {
    /// Ten letters and digits that change with the Secret's name, type and data.
    pub(in crate::credentials) fn hash(&self) -> String {
        let data: Vec<_> = self.sorted_data().map(|(key, value)| format!("{}:\"{value}\"", quote_json(key))).collect();
        let (data, name, kind) = (data.join(","), quote_json(&self.name), quote_json(&self.kind));
        let text = format!("{{\"data\":{{{data}}},\"kind\":\"Secret\",\"name\":{name},\"type\":{kind}}}");
        let digits: String = sha256(text.as_bytes()).map(|word| format!("{word:08x}")).concat();
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

/// SHA-256 (FIPS 180-4), as words.
fn sha256(text: &[u8]) -> [u32; 8] {
    let mut message = text.to_vec();
    message.push(0x80);
    message.resize((text.len() + 9).next_multiple_of(64) - 8, 0);
    message.extend((text.len() as u64 * 8).to_be_bytes());
    let mut state = START;
    for block in message.chunks_exact(64) {
        let mut words: Vec<u32> = block.chunks_exact(4).map(|word| word.iter().fold(0, join)).collect();
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (at, constant) in CONSTANTS.iter().enumerate() {
            if at >= 16 {
                let back = |steps: usize| words.get(at - steps).copied().unwrap_or_default();
                let (near, far) = (back(2), back(15));
                let mixed_near = near.rotate_right(17) ^ near.rotate_right(19) ^ (near >> 10);
                let mixed_far = far.rotate_right(7) ^ far.rotate_right(18) ^ (far >> 3);
                words.push(back(16).wrapping_add(mixed_far).wrapping_add(back(7)).wrapping_add(mixed_near));
            }
            let word = words.get(at).copied().unwrap_or_default();
            let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = (e & f) ^ (!e & g);
            let first = h.wrapping_add(mixed).wrapping_add(chosen).wrapping_add(*constant).wrapping_add(word);
            let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = mixed.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d.wrapping_add(first));
            (d, c, b, a) = (c, b, a, first.wrapping_add(second));
        }
        for (sum, part) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *sum = sum.wrapping_add(part);
        }
    }
    state
}

fn join(word: u32, byte: &u8) -> u32 {
    word << 8 | u32::from(*byte)
}

/// The fractions of the square roots of the first eight primes.
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The fractions of the cube roots of the first 64 primes.
const CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_the_standard() {
        let hex = |text: &str| sha256(text.as_bytes()).map(|word| format!("{word:08x}")).concat();
        assert_eq!(hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(hex(two_blocks), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }

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
