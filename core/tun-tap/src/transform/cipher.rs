//! Ciphers that do not authenticate: the interface, NULL (RFC 2410) and AES-CTR (RFC 3686). CBC has its own file.

use std::ops::Range;

use aes::cipher::array::Array;
use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherEncrypt, BlockSizeUser, InnerIvInit, StreamCipher, StreamCipherCoreWrapper};
use aes::{Aes128, Aes192, Aes256};
use ccm::KeyInit;
use ctr::{CtrCore, flavors};
use zeroize::Zeroizing;

use super::ESP_HEADER_BYTES;

/// One packet that is staged in the destination arena: ESP header, IV and plaintext, room for the ICV behind.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Where the SPI is.
    pub start: usize,
    /// Where the plaintext, trailer included, ends.
    pub end: usize,
    /// High word of the sequence number, with ESN.
    pub sequence_high: Option<u32>,
}

impl Span {
    /// Where the IV is.
    pub fn iv(&self, iv_bytes: usize) -> Range<usize> {
        self.start + ESP_HEADER_BYTES..self.start + ESP_HEADER_BYTES + iv_bytes
    }

    /// Where the plaintext is.
    pub fn body(&self, iv_bytes: usize) -> Range<usize> {
        self.start + ESP_HEADER_BYTES + iv_bytes..self.end
    }
}

/// A cipher with its key.
pub trait Cipher: Send + Sync {
    /// Encrypt the bodies of all `spans` in `arena`; their IVs are there.
    fn encrypt(&self, arena: &mut [u8], spans: &[Span]);
    /// Decrypt a body in place; its length is a multiple of the block.
    fn decrypt(&self, iv: &[u8], body: &mut [u8]);
}

/// No encryption.
pub struct Null;

impl Cipher for Null {
    fn encrypt(&self, _arena: &mut [u8], _spans: &[Span]) {}
    fn decrypt(&self, _iv: &[u8], _body: &mut [u8]) {}
}

/// AES-CTR: the counter block is nonce, IV and a block counter from 1 (RFC 3686 §4).
struct Ctr<C> {
    cipher: C,
    nonce: Zeroizing<[u8; 4]>,
}

const CTR_IV_BYTES: usize = 8;

/// An AES-CTR engine for the key length; None for a key or salt of the wrong length.
pub fn boxed_ctr(key: &[u8], salt: &[u8]) -> Option<Box<dyn Cipher>> {
    let nonce = Zeroizing::new(salt.try_into().ok()?);
    Some(match key.len() {
        16 => Box::new(Ctr { cipher: Aes128::new_from_slice(key).ok()?, nonce }),
        24 => Box::new(Ctr { cipher: Aes192::new_from_slice(key).ok()?, nonce }),
        32 => Box::new(Ctr { cipher: Aes256::new_from_slice(key).ok()?, nonce }),
        _ => return None,
    })
}

impl<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> Ctr<C> {
    fn apply(&self, iv: &[u8], body: &mut [u8]) {
        let mut counter = Array::<u8, U16>::default();
        counter[..4].copy_from_slice(&*self.nonce);
        counter[4..12].copy_from_slice(iv);
        counter[15] = 1;
        let core = CtrCore::<&C, flavors::Ctr32BE>::inner_iv_init(&self.cipher, &counter);
        StreamCipherCoreWrapper::from_core(core).apply_keystream(body);
    }
}

impl<C> Cipher for Ctr<C>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + Send + Sync,
{
    fn encrypt(&self, arena: &mut [u8], spans: &[Span]) {
        for span in spans {
            let mut iv = [0; CTR_IV_BYTES];
            iv.copy_from_slice(&arena[span.iv(CTR_IV_BYTES)]);
            self.apply(&iv, &mut arena[span.body(CTR_IV_BYTES)]);
        }
    }

    fn decrypt(&self, iv: &[u8], body: &mut [u8]) {
        self.apply(iv, body);
    }
}
