//! How the system schedules the calling thread: macOS decides that by itself.

use crate::failure::Outcome;
use crate::thread_times::Times;

/// Not kept.
pub fn times() -> Option<Times> {
    None
}

/// Leave the thread as it is.
pub fn set_batch(_is_batch: bool) -> Outcome<bool> {
    Ok(false)
}
