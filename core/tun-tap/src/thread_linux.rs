//! How the system schedules the calling thread (sched(7)), and what it has had of the processors.

use std::fs;

use crate::failure::{Outcome, check};
use crate::thread_times::Times;

/// Of the calling thread; None where the kernel does not keep it (CONFIG_SCHED_INFO).
pub fn times() -> Option<Times> {
    parse(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
}

/// Three numbers, the first two in nanoseconds (Documentation/scheduler/sched-stats.rst).
fn parse(text: &str) -> Option<Times> {
    let mut numbers = text.split_ascii_whitespace().map(str::parse::<u64>);
    let mut next = || Some(numbers.next()?.ok()? as f64);
    Some(Times { ran: next()? / 1e6, waited: next()? / 1e6, turns: next()? })
}

/// Have the calling thread interrupt nobody when it wakes (SCHED_BATCH), or as usual. False when somebody has given it another
/// policy than these two, which it then keeps.
pub fn set_batch(is_batch: bool) -> Outcome<bool> {
    // SAFETY: a plain system call; 0 is the calling thread.
    let policy = check(unsafe { libc::sched_getscheduler(0) }, "reading a scheduling policy")?;
    if policy != libc::SCHED_OTHER && policy != libc::SCHED_BATCH {
        return Ok(false);
    }
    let wanted = if is_batch { libc::SCHED_BATCH } else { libc::SCHED_OTHER };
    let parameters = libc::sched_param { sched_priority: 0 };
    // SAFETY: `parameters` outlives the call.
    check(unsafe { libc::sched_setscheduler(0, wanted, &parameters) }, "setting a scheduling policy")?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn policy() -> i32 {
        // SAFETY: a plain system call.
        unsafe { libc::sched_getscheduler(0) }
    }

    #[test]
    fn a_thread_is_scheduled_as_told_and_as_usual_again() {
        thread::spawn(|| {
            assert!(set_batch(true).unwrap());
            assert_eq!(policy(), libc::SCHED_BATCH);
            assert!(set_batch(false).unwrap());
            assert_eq!(policy(), libc::SCHED_OTHER);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn a_policy_that_somebody_chose_is_kept() {
        thread::spawn(|| {
            let parameters = libc::sched_param { sched_priority: 0 };
            // SAFETY: `parameters` outlives the call.
            assert_eq!(unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &parameters) }, 0);
            assert!(!set_batch(true).unwrap());
            assert_eq!(policy(), libc::SCHED_IDLE);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn times_are_read_in_milliseconds() {
        assert_eq!(parse("12500000 250000 9\n"), Some(Times { ran: 12.5, waited: 0.25, turns: 9.0 }));
        assert_eq!(parse("1 2"), None);
        assert_eq!(parse("1 x 3"), None);
    }

    #[test]
    fn what_a_thread_does_counts_as_run() {
        let Some(before) = times() else { return };
        let mut sum = 0u64;
        while times().unwrap().ran < before.ran + 5.0 {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(sum > 0 && times().unwrap().turns >= before.turns);
    }
}
