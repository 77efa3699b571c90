//! What the system refused: an errno and what was being done.

use std::io;

/// A refusal of the operating system, or of this crate in its words.
#[derive(Debug)]
pub struct Failure {
    /// Positive errno of this platform.
    pub errno: i32,
    /// What was being done, as a participle: "opening /dev/net/tun".
    pub doing: String,
}

/// What a fallible operation of this crate gives.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A failure with an errno of our choice.
    pub fn new(errno: i32, doing: impl Into<String>) -> Failure {
        Failure { errno, doing: doing.into() }
    }

    /// The failure of the system call that was just made.
    pub fn last(doing: impl Into<String>) -> Failure {
        Failure::new(last_errno(), doing)
    }

    /// Name of the errno, "EPERM"; "EUNKNOWN" for one without a name here.
    pub fn code(&self) -> &'static str {
        errno_name(self.errno)
    }

    /// What was being done, and the system's text for the errno.
    pub fn message(&self) -> String {
        let text = io::Error::from_raw_os_error(self.errno).to_string();
        let text = text.split(" (os error").next().unwrap_or(&text);
        format!("{}: {}", self.doing, text)
    }
}

/// errno of the last system call on this thread.
pub fn last_errno() -> i32 {
    io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)
}

/// Turn a result of -1 into the failure of the call.
pub fn check(result: i32, doing: impl Into<String>) -> Outcome<i32> {
    if result < 0 { Err(Failure::last(doing)) } else { Ok(result) }
}

macro_rules! names {
    ($errno:expr, $($name:ident)*) => {
        match $errno {
            $(libc::$name => stringify!($name),)*
            _ => "EUNKNOWN",
        }
    };
}

/// Name of an errno of this platform.
pub fn errno_name(errno: i32) -> &'static str {
    names!(errno,
        EPERM ENOENT EINTR EIO ENXIO EBADF EAGAIN ENOMEM EACCES EFAULT EBUSY EEXIST ENODEV ENOTDIR EINVAL ENFILE
        EMFILE ENOTTY ENOSPC EPIPE ERANGE ENOSYS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
        EPROTONOSUPPORT EOPNOTSUPP EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED
        ECONNRESET ENOBUFS EISCONN ENOTCONN ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS
        EOVERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_being_done_and_why_it_failed() {
        let failure = Failure::new(libc::EPERM, "opening /dev/net/tun");
        assert_eq!(failure.code(), "EPERM");
        assert_eq!(failure.message(), "opening /dev/net/tun: Operation not permitted");
    }

    #[test]
    fn an_unnamed_errno_is_not_mistaken_for_another() {
        assert_eq!(errno_name(99_999), "EUNKNOWN");
    }
}
