//! How the system schedules the calling thread: macOS decides that by itself.

use crate::failure::Outcome;

/// What a thread has had since it began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// Milliseconds that it ran.
    pub ran: f64,
    /// Milliseconds that it could have run, and others did.
    pub waited: f64,
    /// How often it was given a processor.
    pub turns: f64,
}

/// Not kept.
pub fn times() -> Option<Times> {
    None
}

/// Leave the thread as it is.
pub fn set_batch(_is_batch: bool) -> Outcome<bool> {
    Ok(false)
}
