//! Integrity algorithms beside a cipher: HMAC (RFC 2404, RFC 4868), AES-XCBC-MAC-96 (RFC 3566), AES-CMAC-96 (RFC 4494).
//!
//! The ICV covers the packet up to it, and the high word of an extended sequence number (RFC 4303 §2.8).

use aes::Aes128;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac};
use hmac::Hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

/// Longest result of an algorithm, before it is cut.
pub const MAC_BYTES_MAX: usize = 64;

/// An integrity algorithm with its key.
pub trait Integrity: Send + Sync {
    /// Give the result, not yet cut, over `packet` and then `suffix`.
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> [u8; MAC_BYTES_MAX];
}

/// Any keyed hash that is started from a prepared state.
struct Prepared<M>(M);

impl<M: Mac + Clone + Send + Sync> Integrity for Prepared<M> {
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> [u8; MAC_BYTES_MAX] {
        let mut mac = self.0.clone();
        mac.update(packet);
        mac.update(suffix);
        let result = mac.finalize().into_bytes();
        let mut out = [0; MAC_BYTES_MAX];
        out[..result.len()].copy_from_slice(&result);
        out
    }
}

/// HMAC-SHA1.
pub fn hmac_sha1(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(Hmac::<Sha1>::new_from_slice(key).ok()?)))
}

/// HMAC-SHA2-256.
pub fn hmac_sha256(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(Hmac::<Sha256>::new_from_slice(key).ok()?)))
}

/// HMAC-SHA2-384.
pub fn hmac_sha384(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(Hmac::<Sha384>::new_from_slice(key).ok()?)))
}

/// HMAC-SHA2-512.
pub fn hmac_sha512(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(Hmac::<Sha512>::new_from_slice(key).ok()?)))
}

/// AES-CMAC.
pub fn cmac(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(Cmac::<Aes128>::new_from_slice(key).ok()?)))
}

/// AES-XCBC-MAC: a CBC chain under K1, the last block masked with K2 when full and K3 when padded (RFC 3566 §4).
struct Xcbc {
    k1: Aes128,
    k2: zeroize::Zeroizing<[u8; 16]>,
    k3: zeroize::Zeroizing<[u8; 16]>,
}

/// AES-XCBC-MAC.
pub fn xcbc(key: &[u8]) -> Option<Box<dyn Integrity>> {
    let cipher = Aes128::new_from_slice(key).ok()?;
    let derive = |value: u8| {
        let mut block = Block::<Aes128>::from([value; 16]);
        cipher.encrypt_block(&mut block);
        zeroize::Zeroizing::new(<[u8; 16]>::from(block))
    };
    let k1 = Aes128::new_from_slice(&*derive(1)).ok()?;
    Some(Box::new(Xcbc { k1, k2: derive(2), k3: derive(3) }))
}

impl Integrity for Xcbc {
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> [u8; MAC_BYTES_MAX] {
        let mut chain = Block::<Aes128>::default();
        let mut used = 0;
        for octet in packet.iter().chain(suffix) {
            if used == 16 {
                self.k1.encrypt_block(&mut chain);
                used = 0;
            }
            chain[used] ^= octet;
            used += 1;
        }
        let mask = if used == 16 {
            &self.k2
        } else {
            chain[used] ^= 0x80;
            &self.k3
        };
        chain.iter_mut().zip(mask.iter()).for_each(|(octet, mask)| *octet ^= mask);
        self.k1.encrypt_block(&mut chain);
        let mut out = [0; MAC_BYTES_MAX];
        out[..16].copy_from_slice(&chain);
        out
    }
}
