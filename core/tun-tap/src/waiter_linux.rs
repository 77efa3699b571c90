//! One wait over many descriptors, with a wake-up from any thread (epoll(7), eventfd(2)).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::failure::{Failure, Outcome, check, last_errno};

/// Token that `wait` reports for a wake-up.
pub const WAKE_TOKEN: i32 = -1;

/// Most tokens of one wait.
const EVENTS_MAX: usize = 64;
/// Mark of the eventfd among the events; tokens have 32 bits.
const WAKE_MARK: u64 = u64::MAX;

/// Descriptors of one waiter; closed when the last user lets go, so that a close never hits a running wait.
struct Waiter {
    epoll: i32,
    event: i32,
}

impl Drop for Waiter {
    fn drop(&mut self) {
        // SAFETY: both descriptors belong to this value alone.
        unsafe {
            libc::close(self.epoll);
            libc::close(self.event);
        }
    }
}

static WAITERS: LazyLock<RwLock<HashMap<i32, Arc<Waiter>>>> = LazyLock::new(RwLock::default);

fn find(waiter: i32, doing: &str) -> Outcome<Arc<Waiter>> {
    let waiters = WAITERS.read().unwrap_or_else(PoisonError::into_inner);
    waiters.get(&waiter).cloned().ok_or_else(|| Failure::new(libc::EBADF, format!("{doing} waiter {waiter}")))
}

/// Create a waiter; its number is good in every thread.
pub fn create() -> Outcome<i32> {
    let doing = "creating a waiter";
    // SAFETY: a plain system call.
    let epoll = check(unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) }, doing)?;
    // SAFETY: a plain system call.
    let event = unsafe { libc::eventfd(0, libc::EFD_NONBLOCK | libc::EFD_CLOEXEC) };
    let waiter = Waiter { epoll, event };
    check(event, doing)?;
    register(epoll, event, WAKE_MARK, doing)?;
    WAITERS.write().unwrap_or_else(PoisonError::into_inner).insert(epoll, Arc::new(waiter));
    Ok(epoll)
}

fn register(epoll: i32, fd: i32, mark: u64, doing: &str) -> Outcome<()> {
    let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: mark };
    // SAFETY: `event` is alive for the call.
    check(unsafe { libc::epoll_ctl(epoll, libc::EPOLL_CTL_ADD, fd, &mut event) }, doing).map(|_| ())
}

/// Watch a descriptor for something to read.
pub fn add(waiter: i32, fd: i32, token: i32) -> Outcome<()> {
    let doing = format!("adding descriptor {fd} to");
    let found = find(waiter, &doing)?;
    if token < 0 {
        return Err(Failure::new(libc::EINVAL, format!("{doing} waiter {waiter} with token {token}")));
    }
    register(found.epoll, fd, u64::from(token as u32), &format!("{doing} waiter {waiter}"))
}

/// Watch a descriptor no more. Call before closing it.
pub fn remove(waiter: i32, fd: i32) -> Outcome<()> {
    let doing = format!("removing descriptor {fd} from");
    let found = find(waiter, &doing)?;
    // SAFETY: EPOLL_CTL_DEL needs no event.
    let result = unsafe { libc::epoll_ctl(found.epoll, libc::EPOLL_CTL_DEL, fd, std::ptr::null_mut()) };
    check(result, format!("{doing} waiter {waiter}")).map(|_| ())
}

/// Wait until a descriptor is readable, `wake` is called or the time is over (-1: no limit). Fills `tokens`, gives
/// their number; 0 after a time-out or a signal.
pub fn wait(waiter: i32, timeout_ms: i32, tokens: &mut [i32]) -> Outcome<usize> {
    let found = find(waiter, "waiting on")?;
    let mut events = [libc::epoll_event { events: 0, u64: 0 }; EVENTS_MAX];
    let room = tokens.len().min(EVENTS_MAX);
    if room == 0 {
        return Err(Failure::new(libc::EINVAL, format!("waiting on waiter {waiter} with no room for tokens")));
    }
    // SAFETY: `events` has space for `room` events.
    let got = unsafe { libc::epoll_wait(found.epoll, events.as_mut_ptr(), room as i32, timeout_ms.max(-1)) };
    if got < 0 {
        return match last_errno() {
            libc::EINTR => Ok(0),
            errno => Err(Failure::new(errno, format!("waiting on waiter {waiter}"))),
        };
    }
    for (token, event) in tokens.iter_mut().zip(&events[..got as usize]) {
        let mark = event.u64;
        *token = if mark == WAKE_MARK { drain(found.event) } else { mark as i32 };
    }
    Ok(got as usize)
}

fn drain(event: i32) -> i32 {
    let mut count = 0u64;
    // SAFETY: an eventfd gives 8 bytes; EAGAIN when another thread was faster.
    unsafe { libc::read(event, (&raw mut count).cast(), 8) };
    WAKE_TOKEN
}

/// End the current wait of the waiter's thread, or the next one if there is none.
pub fn wake(waiter: i32) -> Outcome<()> {
    ring(&*find(waiter, "waking")?);
    Ok(())
}

fn ring(waiter: &Waiter) {
    let one = 1u64;
    // SAFETY: an eventfd takes 8 bytes. EAGAIN means that 2^64 - 2 wake-ups are pending: it will wake.
    unsafe { libc::write(waiter.event, (&raw const one).cast(), 8) };
}

/// Forget a waiter; a wait that runs on it is woken first.
pub fn close(waiter: i32) -> Outcome<()> {
    let found = find(waiter, "closing")?;
    ring(&found);
    WAITERS.write().unwrap_or_else(PoisonError::into_inner).remove(&waiter);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::time::{Duration, Instant};

    #[test]
    fn a_wake_from_another_thread_ends_the_wait() {
        let waiter = create().unwrap();
        let started = Instant::now();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            wake(waiter).unwrap();
        });
        let mut tokens = [0; 4];
        assert_eq!(wait(waiter, 10_000, &mut tokens).unwrap(), 1);
        assert_eq!(tokens[0], WAKE_TOKEN);
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(wait(waiter, 0, &mut tokens).unwrap(), 0, "the wake-up is used up");
        thread.join().unwrap();
        close(waiter).unwrap();
    }

    #[test]
    fn readable_descriptors_are_reported_by_token_until_removed() {
        let (mut left, right) = UnixStream::pair().unwrap();
        let waiter = create().unwrap();
        let mut tokens = [0; 4];
        add(waiter, right.as_raw_fd(), 77).unwrap();
        assert_eq!(wait(waiter, 0, &mut tokens).unwrap(), 0);
        left.write_all(b"x").unwrap();
        for _ in 0..2 {
            assert_eq!(wait(waiter, 1000, &mut tokens).unwrap(), 1);
            assert_eq!(tokens[0], 77);
        }
        remove(waiter, right.as_raw_fd()).unwrap();
        assert_eq!(wait(waiter, 0, &mut tokens).unwrap(), 0);
        close(waiter).unwrap();
    }

    #[test]
    fn a_closed_waiter_fails_with_ebadf_and_its_running_wait_ends() {
        let waiter = create().unwrap();
        let thread = std::thread::spawn(move || wait(waiter, 10_000, &mut [0; 4]));
        std::thread::sleep(Duration::from_millis(50));
        close(waiter).unwrap();
        assert_eq!(thread.join().unwrap().unwrap(), 1);
        assert_eq!(wake(waiter).unwrap_err().errno, libc::EBADF);
        assert_eq!(close(waiter).unwrap_err().errno, libc::EBADF);
    }
}
