//! Integrity algorithms beside a cipher: HMAC (RFC 2404, RFC 4868), AES-XCBC-MAC-96 (RFC 3566), AES-CMAC-96 (RFC 4494).
//! HMAC with SHA-1 and SHA-256 has a file of its own, `hmac.rs`.
//!
//! The ICV covers the packet up to it, and the high word of an extended sequence number (RFC 4303 §2.8).

use aes::Aes128;
use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac as KeyedHash};
use sha2::{Sha384, Sha512};

use super::cipher::Span;
use super::hmac::{Hmac, Sha1Hash, Sha256Hash};

/// Longest result of an algorithm, before it is cut.
pub const MAC_BYTES_MAX: usize = 64;

/// A result of an algorithm, not yet cut; the rest is zero.
pub type Mac = [u8; MAC_BYTES_MAX];

/// An integrity algorithm with its key.
pub trait Integrity: Send + Sync {
    /// Compute the result over each of `spans` in `arena` into its place in `macs`.
    fn authenticate(&self, arena: &[u8], spans: &[Span], macs: &mut [Mac]);
}

/// An algorithm that takes one packet after the other.
trait Single: Send + Sync {
    /// Give the result over `packet` and then `suffix`.
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> Mac;
}

impl<S: Single> Integrity for S {
    fn authenticate(&self, arena: &[u8], spans: &[Span], macs: &mut [Mac]) {
        for (span, mac) in spans.iter().zip(macs) {
            let high = span.sequence_high.map(u32::to_be_bytes);
            let suffix = high.as_ref().map_or(&[][..], |bytes| &bytes[..]);
            *mac = self.compute(&arena[span.start..span.end], suffix);
        }
    }
}

/// Any keyed hash that is started from a prepared state.
struct Prepared<M>(M);

impl<M: KeyedHash + Clone + Send + Sync> Single for Prepared<M> {
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> Mac {
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
    Some(Box::new(Hmac::<Sha1Hash>::new(key)))
}

/// HMAC-SHA2-256.
pub fn hmac_sha256(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Hmac::<Sha256Hash>::new(key)))
}

/// HMAC-SHA2-384.
pub fn hmac_sha384(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(hmac::Hmac::<Sha384>::new_from_slice(key).ok()?)))
}

/// HMAC-SHA2-512.
pub fn hmac_sha512(key: &[u8]) -> Option<Box<dyn Integrity>> {
    Some(Box::new(Prepared(hmac::Hmac::<Sha512>::new_from_slice(key).ok()?)))
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

impl Single for Xcbc {
    fn compute(&self, packet: &[u8], suffix: &[u8]) -> Mac {
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
