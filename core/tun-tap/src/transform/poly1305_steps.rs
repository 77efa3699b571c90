//! What of a text is to be hashed by Poly1305, a step at a time: so it can be done between the rounds of a cipher.

use std::arch::x86_64::*;

use super::poly1305_lanes::{Lanes, STEP_BYTES};

/// A hash, and the steps that can be hashed by now.
#[derive(Clone, Copy)]
pub struct Steps {
    pub lanes: Lanes,
    from: *const u8,
    count: usize,
    left: usize,
}

impl Steps {
    /// Nothing.
    #[inline]
    #[target_feature(enable = "avx512f")]
    pub fn none() -> Steps {
        Steps::new(Lanes::none(), std::ptr::null())
    }

    /// None yet, of a text at `from`.
    #[inline]
    pub fn new(lanes: Lanes, from: *const u8) -> Steps {
        Steps { lanes, from, count: 0, left: 0 }
    }

    /// All up to `count` can be hashed.
    #[inline]
    pub fn allow(&mut self, count: usize) {
        self.left += count - self.count;
        self.count = count;
    }

    /// Take over how far another has come. The rest of it is the same, and not copied.
    #[inline]
    pub fn go_on(&mut self, other: &Steps) {
        self.lanes.go_on(&other.lanes);
        (self.from, self.left) = (other.from, other.left);
    }

    /// Hash one, if there is one.
    ///
    /// # Safety
    /// What is allowed is readable.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub unsafe fn take(mut self) -> Steps {
        if self.left > 0 {
            // SAFETY: the caller's promise.
            let text = unsafe {
                [
                    _mm512_loadu_si512(self.from.cast()),
                    _mm512_loadu_si512(self.from.wrapping_add(STEP_BYTES / 2).cast()),
                ]
            };
            self.lanes = self.lanes.step(text);
            self.from = self.from.wrapping_add(STEP_BYTES);
            self.left -= 1;
        }
        self
    }

    /// Hash those that are left of the first `count`, which are allowed.
    ///
    /// # Safety
    /// As that of `take`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma,avx512vbmi2")]
    pub unsafe fn take_until(&mut self, count: usize) {
        while self.left > 0 && self.count - self.left < count {
            // SAFETY: the caller's promise.
            let next = unsafe { self.take() };
            self.go_on(&next);
        }
    }

    /// Where the next one lies.
    pub fn from(&self) -> *const u8 {
        self.from
    }
}
