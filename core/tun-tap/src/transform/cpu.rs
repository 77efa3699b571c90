//! Which of our own kernels this CPU runs. Each has a portable counterpart that gives the same bytes.

/// Whether the CPU runs `sha_lanes.rs`.
#[cfg(target_arch = "x86_64")]
pub fn has_hash_lanes() -> bool {
    is_allowed() && is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")
}

/// Whether the CPU runs `aes_lanes.rs`.
#[cfg(target_arch = "x86_64")]
pub fn has_cipher_lanes() -> bool {
    is_allowed()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("vaes")
        && is_x86_feature_detected!("aes")
}

/// Whether the CPU runs `gcm_lanes.rs`.
#[cfg(target_arch = "x86_64")]
pub fn has_gcm_lanes() -> bool {
    has_cipher_lanes()
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("vpclmulqdq")
        && is_x86_feature_detected!("pclmulqdq")
}

/// Whether the CPU runs `chacha_poly.rs`.
#[cfg(target_arch = "x86_64")]
pub fn has_chacha_lanes() -> bool {
    has_hash_lanes()
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512ifma")
        && is_x86_feature_detected!("avx512vbmi2")
}

#[cfg(all(target_arch = "x86_64", not(test)))]
const fn is_allowed() -> bool {
    true
}

#[cfg(all(target_arch = "x86_64", test))]
use switch::is_allowed;

/// Tests take the kernels away from the transforms that they build.
#[cfg(test)]
pub mod switch {
    use std::cell::Cell;

    thread_local! {
        static ALLOWED: Cell<bool> = const { Cell::new(true) };
    }

    #[cfg(target_arch = "x86_64")]
    pub fn is_allowed() -> bool {
        ALLOWED.get()
    }

    /// Run a test with our own kernels, where the CPU has what they need, and with the portable code alone.
    pub fn on_every_path(test: impl Fn()) {
        for allowed in [true, false] {
            ALLOWED.set(allowed);
            test();
        }
        ALLOWED.set(true);
    }
}
