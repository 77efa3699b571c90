//! What a thread has had of the processors.

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
