//! Numbers for transforms. A handle is a slot and the slot's generation, so that a stale one finds nothing: it can
//! never name another association's keys.

use std::collections::VecDeque;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Transform;
use crate::failure::{Failure, Outcome};

/// Low bits of a handle: the slot.
const SLOT_BITS: u32 = 18;
const SLOTS_MAX: usize = 1 << SLOT_BITS;
/// High bits, below the sign: the generation. A slot that has used them all up is retired.
const GENERATIONS_MAX: u32 = 1 << (31 - SLOT_BITS);

struct Slot {
    generation: u32,
    transform: Option<Box<Transform>>,
}

/// All transforms of the process.
#[derive(Default)]
pub struct Table {
    slots: Vec<Slot>,
    /// Slots to use again, oldest first: that spreads generations evenly.
    vacant: VecDeque<usize>,
}

static TABLE: RwLock<Table> = RwLock::new(Table { slots: Vec::new(), vacant: VecDeque::new() });

/// The table for a batch; transforms stay while the guard lives.
pub fn read() -> RwLockReadGuard<'static, Table> {
    TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> RwLockWriteGuard<'static, Table> {
    TABLE.write().unwrap_or_else(PoisonError::into_inner)
}

/// Give a transform a handle. ENOSPC when there are too many.
pub fn create(transform: Transform) -> Outcome<i32> {
    write().insert(transform)
}

/// Wipe a transform, after the batches that run on it. Nothing happens for a handle that is gone already.
pub fn free(handle: i32) {
    // Bound to a name, so that the keys are wiped after the lock is let go.
    let removed = write().remove(handle);
    drop(removed);
}

impl Table {
    /// The transform of a handle.
    pub fn get(&self, handle: i32) -> Option<&Transform> {
        let (slot, generation) = split(handle)?;
        let found = self.slots.get(slot)?;
        if found.generation == generation { found.transform.as_deref() } else { None }
    }

    fn insert(&mut self, transform: Transform) -> Outcome<i32> {
        let slot = match self.vacant.pop_front() {
            Some(slot) => slot,
            None if self.slots.len() < SLOTS_MAX => {
                self.slots.push(Slot { generation: 0, transform: None });
                self.slots.len() - 1
            }
            None => return Err(Failure::new(libc::ENOSPC, "creating one transform more")),
        };
        self.slots[slot].transform = Some(Box::new(transform));
        Ok((self.slots[slot].generation << SLOT_BITS) as i32 | slot as i32)
    }

    fn remove(&mut self, handle: i32) -> Option<Box<Transform>> {
        self.get(handle)?;
        let (index, _) = split(handle)?;
        let slot = &mut self.slots[index];
        slot.generation += 1;
        if slot.generation < GENERATIONS_MAX {
            self.vacant.push_back(index);
        }
        slot.transform.take()
    }
}

fn split(handle: i32) -> Option<(usize, u32)> {
    let handle = u32::try_from(handle).ok()?;
    Some((handle as usize & (SLOTS_MAX - 1), handle >> SLOT_BITS))
}

#[cfg(test)]
mod tests {
    use super::super::suite::{Spec, build};
    use super::*;

    fn transform() -> Transform {
        build(&Spec { encryption_id: 11, integrity_id: 0, key: &[], salt: &[], integrity_key: &[], padding: 0 })
            .unwrap()
    }

    #[test]
    fn a_stale_handle_finds_nothing_although_its_slot_is_in_use_again() {
        let mut table = Table::default();
        let first = table.insert(transform()).unwrap();
        assert!(table.get(first).is_some());
        assert!(table.remove(first).is_some());
        assert!(table.get(first).is_none());
        let second = table.insert(transform()).unwrap();
        assert_ne!(first, second);
        assert_eq!(split(first).unwrap().0, split(second).unwrap().0);
        assert!(table.get(first).is_none());
        assert!(table.remove(first).is_none(), "freeing twice does not free the other's keys");
        assert!(table.get(second).is_some());
    }

    #[test]
    fn no_handle_is_given_out_twice() {
        let mut table = Table::default();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..GENERATIONS_MAX * 2 {
            let handle = table.insert(transform()).unwrap();
            assert!(handle >= 0 && seen.insert(handle));
            table.remove(handle);
        }
        assert_eq!(table.slots.len(), 2, "a slot without generations left is retired");
    }

    #[test]
    fn a_handle_out_of_thin_air_finds_nothing() {
        let table = Table::default();
        for handle in [-1, 0, 1, i32::MAX, i32::MIN] {
            assert!(table.get(handle).is_none());
        }
    }
}
