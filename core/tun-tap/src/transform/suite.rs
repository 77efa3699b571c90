//! Which IANA IKEv2 transform ids this crate runs, with their lengths. A new algorithm is a row here.
//!
//! core/crypto/algorithms.ts is the registry for people; a test there holds the two equal.

use camellia::{Camellia128, Camellia192, Camellia256};
use ccm::KeyInit;
use des::TdesEde3;

use super::aead::{Gmac, boxed_ccm, boxed_chacha, boxed_gcm};
use super::cbc::{Cbc, boxed_aes};
use super::cipher::{Cipher, Null, boxed_ctr};
use super::integrity::{self, Integrity};
use super::{Engine, IvSource, Padding, Transform};
use crate::failure::{Failure, Outcome};

/// An encryption algorithm (IKEv2 transform type 1).
struct EncryptionRow {
    id: i32,
    key_bytes: &'static [usize],
    salt_bytes: usize,
    iv_bytes: usize,
    iv_source: IvSource,
    /// 0 where integrity is separate.
    icv_bytes: usize,
    block_bytes: usize,
    build: fn(key: &[u8], salt: &[u8]) -> Option<Engine>,
}

/// An integrity algorithm (IKEv2 transform type 3).
struct IntegrityRow {
    id: i32,
    key_bytes: usize,
    icv_bytes: usize,
    build: fn(key: &[u8]) -> Option<Box<dyn Integrity>>,
}

const AES_KEYS: &[usize] = &[16, 24, 32];

const fn aead(
    id: i32,
    key_bytes: &'static [usize],
    salt_bytes: usize,
    icv_bytes: usize,
    build: fn(&[u8], &[u8]) -> Option<Engine>,
) -> EncryptionRow {
    EncryptionRow {
        id,
        key_bytes,
        salt_bytes,
        iv_bytes: 8,
        iv_source: IvSource::Counter,
        icv_bytes,
        block_bytes: 1,
        build,
    }
}

const fn cbc(
    id: i32,
    key_bytes: &'static [usize],
    block_bytes: usize,
    build: fn(&[u8], &[u8]) -> Option<Engine>,
) -> EncryptionRow {
    let iv_source = IvSource::Random;
    EncryptionRow { id, key_bytes, salt_bytes: 0, iv_bytes: block_bytes, iv_source, icv_bytes: 0, block_bytes, build }
}

const ENCRYPTION: &[EncryptionRow] = &[
    aead(20, AES_KEYS, 4, 16, |key, salt| Some(Engine::Aead(boxed_gcm(key, salt, 16)?))),
    aead(19, AES_KEYS, 4, 12, |key, salt| Some(Engine::Aead(boxed_gcm(key, salt, 12)?))),
    aead(18, AES_KEYS, 4, 8, |key, salt| Some(Engine::Aead(boxed_gcm(key, salt, 8)?))),
    aead(28, &[32], 4, 16, |key, salt| Some(Engine::Aead(boxed_chacha(key, salt)?))),
    aead(16, AES_KEYS, 3, 16, |key, salt| Some(Engine::Aead(boxed_ccm(key, salt)?))),
    aead(21, AES_KEYS, 4, 16, |key, salt| Some(Engine::Aead(Gmac::boxed(key, salt, 16)?))),
    cbc(12, AES_KEYS, 16, |key, _salt| Some(Engine::Cipher(boxed_aes(key)?, None))),
    cbc(23, AES_KEYS, 16, |key, _salt| {
        Some(match key.len() {
            16 => cipher(Cbc(Camellia128::new_from_slice(key).ok()?)),
            24 => cipher(Cbc(Camellia192::new_from_slice(key).ok()?)),
            _ => cipher(Cbc(Camellia256::new_from_slice(key).ok()?)),
        })
    }),
    cbc(3, &[24], 8, |key, _salt| Some(cipher(Cbc(TdesEde3::new_from_slice(key).ok()?)))),
    EncryptionRow {
        id: 13,
        key_bytes: AES_KEYS,
        salt_bytes: 4,
        iv_bytes: 8,
        iv_source: IvSource::Counter,
        icv_bytes: 0,
        block_bytes: 1,
        build: |key, salt| Some(Engine::Cipher(boxed_ctr(key, salt)?, None)),
    },
    EncryptionRow {
        id: 11,
        key_bytes: &[0],
        salt_bytes: 0,
        iv_bytes: 0,
        iv_source: IvSource::None,
        icv_bytes: 0,
        block_bytes: 1,
        build: |_key, _salt| Some(cipher(Null)),
    },
];

const INTEGRITY: &[IntegrityRow] = &[
    IntegrityRow { id: 2, key_bytes: 20, icv_bytes: 12, build: integrity::hmac_sha1 },
    IntegrityRow { id: 5, key_bytes: 16, icv_bytes: 12, build: integrity::xcbc },
    IntegrityRow { id: 8, key_bytes: 16, icv_bytes: 12, build: integrity::cmac },
    IntegrityRow { id: 12, key_bytes: 32, icv_bytes: 16, build: integrity::hmac_sha256 },
    IntegrityRow { id: 13, key_bytes: 48, icv_bytes: 24, build: integrity::hmac_sha384 },
    IntegrityRow { id: 14, key_bytes: 64, icv_bytes: 32, build: integrity::hmac_sha512 },
];

/// Integrity id for "none".
const NO_INTEGRITY: i32 = 0;

fn cipher(cipher: impl Cipher + 'static) -> Engine {
    Engine::Cipher(Box::new(cipher), None)
}

/// Ids of the encryption and the integrity algorithms that run here; "none" is among the latter.
pub fn ids() -> (Vec<i32>, Vec<i32>) {
    let encryption = ENCRYPTION.iter().map(|row| row.id).collect();
    let integrity = std::iter::once(NO_INTEGRITY).chain(INTEGRITY.iter().map(|row| row.id)).collect();
    (encryption, integrity)
}

/// What a transform is made of.
pub struct Spec<'a> {
    pub encryption_id: i32,
    pub integrity_id: i32,
    pub key: &'a [u8],
    pub salt: &'a [u8],
    pub integrity_key: &'a [u8],
    /// 0 sequential, 1 zero, 2 random.
    pub padding: i32,
}

/// Build a transform from a copy of the keys. EOPNOTSUPP for an id that does not run here or a pair that does not go
/// together, EINVAL for a key or salt of the wrong length. Never says a key byte.
pub fn build(spec: &Spec<'_>) -> Outcome<Transform> {
    let unknown = |what: &str, id: i32| Failure::new(libc::EOPNOTSUPP, format!("taking {id} for {what} transform"));
    let row = ENCRYPTION.iter().find(|row| row.id == spec.encryption_id);
    let row = row.ok_or_else(|| unknown("an encryption", spec.encryption_id))?;
    check_length("key", spec.key, row.key_bytes)?;
    check_length("salt", spec.salt, &[row.salt_bytes])?;
    let padding = match spec.padding {
        0 => Padding::Sequential,
        1 => Padding::Zero,
        2 => Padding::Random,
        other => return Err(Failure::new(libc::EINVAL, format!("taking {other} for a kind of padding"))),
    };
    let mut icv_bytes = row.icv_bytes;
    let mut integrity = None;
    if spec.integrity_id == NO_INTEGRITY {
        check_length("integrity key", spec.integrity_key, &[0])?;
    } else {
        let found = INTEGRITY.iter().find(|other| other.id == spec.integrity_id && row.icv_bytes == 0);
        let found = found.ok_or_else(|| unknown("an integrity", spec.integrity_id))?;
        check_length("integrity key", spec.integrity_key, &[found.key_bytes])?;
        icv_bytes = found.icv_bytes;
        integrity = (found.build)(spec.integrity_key);
    }
    let built = (row.build)(spec.key, spec.salt).ok_or_else(|| Failure::new(libc::EINVAL, "expanding a key"))?;
    let engine = match built {
        Engine::Cipher(cipher, _) => Engine::Cipher(cipher, integrity),
        aead => aead,
    };
    let (iv_source, iv_bytes, block_bytes) = (row.iv_source, row.iv_bytes, row.block_bytes);
    Ok(Transform { engine, padding, iv_source, iv_bytes, icv_bytes, block_bytes })
}

fn check_length(what: &str, bytes: &[u8], accepted: &[usize]) -> Outcome<()> {
    if accepted.contains(&bytes.len()) {
        return Ok(());
    }
    Err(Failure::new(libc::EINVAL, format!("taking {} bytes for a {what} of {accepted:?} bytes", bytes.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errno(encryption_id: i32, integrity_id: i32, key: &[u8], salt: &[u8], integrity_key: &[u8]) -> i32 {
        let spec = Spec { encryption_id, integrity_id, key, salt, integrity_key, padding: 0 };
        build(&spec).map_or_else(|failure| failure.errno, |_| 0)
    }

    #[test]
    fn lengths_and_pairs_are_checked() {
        assert_eq!(errno(20, 0, &[0; 32], &[0; 4], &[]), 0);
        assert_eq!(errno(12, 0, &[0; 16], &[], &[]), 0, "CBC without integrity");
        assert_eq!(errno(11, 0, &[], &[], &[]), 0, "NULL without integrity");
        assert_eq!(errno(20, 0, &[0; 31], &[0; 4], &[]), libc::EINVAL);
        assert_eq!(errno(20, 0, &[0; 32], &[0; 3], &[]), libc::EINVAL);
        assert_eq!(errno(12, 12, &[0; 16], &[], &[0; 31]), libc::EINVAL);
        assert_eq!(errno(12, 0, &[0; 16], &[], &[0; 32]), libc::EINVAL);
        assert_eq!(errno(20, 12, &[0; 32], &[0; 4], &[0; 32]), libc::EOPNOTSUPP, "AEAD with integrity");
        assert_eq!(errno(99, 0, &[], &[], &[]), libc::EOPNOTSUPP);
        assert_eq!(errno(12, 99, &[0; 16], &[], &[]), libc::EOPNOTSUPP);
    }

    #[test]
    fn every_row_builds_with_every_key_length() {
        for row in ENCRYPTION {
            for key_bytes in row.key_bytes {
                let (key, salt) = (vec![3; *key_bytes], vec![4; row.salt_bytes]);
                assert_eq!(errno(row.id, 0, &key, &salt, &[]), 0, "encryption {}", row.id);
            }
        }
        for row in INTEGRITY {
            assert_eq!(errno(12, row.id, &[3; 16], &[], &vec![5; row.key_bytes]), 0, "integrity {}", row.id);
        }
    }
}
