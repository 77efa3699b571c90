//! One wait over many descriptors, with a wake-up from any thread (kqueue(2), EVFILT_USER).
//!
//! Written after the manual page and never run: no machine of the project has macOS.

use std::collections::HashMap;
use std::mem::zeroed;
use std::ptr;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use crate::failure::{Failure, Outcome, check, last_errno};

/// Token that `wait` reports for a wake-up.
pub const WAKE_TOKEN: i32 = -1;

/// Most tokens of one wait.
const EVENTS_MAX: usize = 64;

/// A kernel queue; closed when the last user lets go, so that a close never hits a running wait.
struct Waiter(i32);

impl Drop for Waiter {
    fn drop(&mut self) {
        // SAFETY: the descriptor belongs to this value alone.
        unsafe { libc::close(self.0) };
    }
}

static WAITERS: LazyLock<RwLock<HashMap<i32, Arc<Waiter>>>> = LazyLock::new(RwLock::default);

fn find(waiter: i32, doing: &str) -> Outcome<Arc<Waiter>> {
    let waiters = WAITERS.read().unwrap_or_else(PoisonError::into_inner);
    waiters.get(&waiter).cloned().ok_or_else(|| Failure::new(libc::EBADF, format!("{doing} waiter {waiter}")))
}

/// One change of what a queue watches; `token` comes back with the event.
fn change(queue: i32, ident: i32, filter: i16, flags: u16, fflags: u32, token: i32, doing: &str) -> Outcome<()> {
    // SAFETY: kevent is plain data, all zeros is a value of it.
    let mut event: libc::kevent = unsafe { zeroed() };
    event.ident = ident as usize;
    event.filter = filter;
    event.flags = flags;
    event.fflags = fflags;
    event.udata = ptr::without_provenance_mut(token as usize);
    // SAFETY: one event is read, none is written.
    let result = unsafe { libc::kevent(queue, &raw const event, 1, ptr::null_mut(), 0, ptr::null()) };
    check(result, doing).map(|_| ())
}

/// Create a waiter; its number is good in every thread.
pub fn create() -> Outcome<i32> {
    let doing = "creating a waiter";
    // SAFETY: a plain system call.
    let queue = check(unsafe { libc::kqueue() }, doing)?;
    let waiter = Waiter(queue);
    // SAFETY: a plain system call.
    check(unsafe { libc::fcntl(queue, libc::F_SETFD, libc::FD_CLOEXEC) }, doing)?;
    // EV_CLEAR: a wake-up is used up by the wait that it ends.
    change(queue, 0, libc::EVFILT_USER, libc::EV_ADD | libc::EV_CLEAR, 0, WAKE_TOKEN, doing)?;
    WAITERS.write().unwrap_or_else(PoisonError::into_inner).insert(queue, Arc::new(waiter));
    Ok(queue)
}

/// Watch a descriptor for something to read.
pub fn add(waiter: i32, fd: i32, token: i32) -> Outcome<()> {
    let doing = format!("adding descriptor {fd} to");
    let found = find(waiter, &doing)?;
    let doing = format!("{doing} waiter {waiter}");
    if token < 0 {
        return Err(Failure::new(libc::EINVAL, format!("{doing} with token {token}")));
    }
    change(found.0, fd, libc::EVFILT_READ, libc::EV_ADD, 0, token, &doing)
}

/// Watch a descriptor no more. Call before closing it.
pub fn remove(waiter: i32, fd: i32) -> Outcome<()> {
    let doing = format!("removing descriptor {fd} from");
    let found = find(waiter, &doing)?;
    change(found.0, fd, libc::EVFILT_READ, libc::EV_DELETE, 0, 0, &format!("{doing} waiter {waiter}"))
}

/// Wait until a descriptor is readable, `wake` is called or the time is over (-1: no limit). Fills `tokens`, gives
/// their number; 0 after a time-out or a signal.
pub fn wait(waiter: i32, timeout_ms: i32, tokens: &mut [i32]) -> Outcome<usize> {
    let found = find(waiter, "waiting on")?;
    // SAFETY: kevent is plain data, all zeros is a value of it.
    let mut events: [libc::kevent; EVENTS_MAX] = unsafe { zeroed() };
    let room = tokens.len().min(EVENTS_MAX);
    if room == 0 {
        return Err(Failure::new(libc::EINVAL, format!("waiting on waiter {waiter} with no room for tokens")));
    }
    let milliseconds = libc::c_long::from(timeout_ms.max(0));
    let limit = libc::timespec { tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000 };
    let limit = if timeout_ms < 0 { ptr::null() } else { &raw const limit };
    // SAFETY: `events` has space for `room` events, and the limit is null or alive.
    let got = unsafe { libc::kevent(found.0, ptr::null(), 0, events.as_mut_ptr(), room as i32, limit) };
    if got < 0 {
        return match last_errno() {
            libc::EINTR => Ok(0),
            errno => Err(Failure::new(errno, format!("waiting on waiter {waiter}"))),
        };
    }
    for (token, event) in tokens.iter_mut().zip(&events[..got as usize]) {
        *token = event.udata.addr() as i32;
    }
    Ok(got as usize)
}

/// End the current wait of the waiter's thread, or the next one if there is none.
pub fn wake(waiter: i32) -> Outcome<()> {
    let doing = "waking";
    change(find(waiter, doing)?.0, 0, libc::EVFILT_USER, 0, libc::NOTE_TRIGGER, WAKE_TOKEN, doing)
}

/// Forget a waiter; a wait that runs on it is woken first.
pub fn close(waiter: i32) -> Outcome<()> {
    wake(waiter)?;
    WAITERS.write().unwrap_or_else(PoisonError::into_inner).remove(&waiter);
    Ok(())
}
