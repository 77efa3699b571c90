//! Descriptors of one device or of one local port, one for each worker: queues of a TUN device (IFF_MULTI_QUEUE), sockets
//! that share what comes. The control plane knows the first of them only, and closing it closes all.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use crate::descriptor;
use crate::failure::Outcome;

static SIBLINGS: LazyLock<RwLock<HashMap<i32, Vec<i32>>>> = LazyLock::new(RwLock::default);

/// Open `count` descriptors with `open`, which is told how many there are before. Gives the first. A failure closes all.
pub fn open_all(count: u32, mut open: impl FnMut(u32) -> Outcome<i32>) -> Outcome<i32> {
    let first = open(0)?;
    for index in 1..count.max(1) {
        match open(index) {
            Ok(fd) => join(first, fd),
            Err(failure) => {
                let _ = descriptor::close(first);
                return Err(failure);
            }
        }
    }
    Ok(first)
}

fn join(first: i32, fd: i32) {
    SIBLINGS.write().unwrap_or_else(PoisonError::into_inner).entry(first).or_default().push(fd);
}

/// The descriptor of worker `index`, 0 for the first; `None` where there are fewer.
pub fn find(first: i32, index: u32) -> Option<i32> {
    if index == 0 {
        return Some(first);
    }
    let siblings = SIBLINGS.read().unwrap_or_else(PoisonError::into_inner);
    siblings.get(&first)?.get(index as usize - 1).copied()
}

/// The siblings of a descriptor that is closed.
pub fn forget(first: i32) -> Vec<i32> {
    SIBLINGS.write().unwrap_or_else(PoisonError::into_inner).remove(&first).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::{Family, Kind, close, remember};
    use crate::failure::Failure;

    fn socket() -> i32 {
        // SAFETY: a plain system call.
        let fd = unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM, 0) };
        remember(fd, Kind::Udp(Family::V4));
        fd
    }

    #[test]
    fn each_worker_finds_its_own_and_closing_the_first_closes_all() {
        let first = open_all(3, |_| Ok(socket())).unwrap();
        let all: Vec<i32> = (0..3).map(|index| find(first, index).unwrap()).collect();
        assert_eq!(all[0], first);
        assert!(all[1] != all[2] && all.iter().all(|fd| descriptor::find(*fd).is_some()));
        assert_eq!(find(first, 3), None);
        close(first).unwrap();
        assert!(all[1..].iter().all(|fd| find(first, 1) != Some(*fd)));
        assert_eq!(find(first, 1), None);
    }

    #[test]
    fn a_failure_leaves_none_open() {
        let mut opened = Vec::new();
        let failure = open_all(3, |index| {
            if index == 2 {
                return Err(Failure::new(libc::EMFILE, "opening"));
            }
            opened.push(socket());
            Ok(*opened.last().unwrap_or(&-1))
        });
        assert_eq!(failure.unwrap_err().errno, libc::EMFILE);
        assert_eq!(find(opened[0], 1), None);
    }
}
