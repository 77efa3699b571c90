//! HMAC of a batch in sixteen lanes. Each lane takes its message through its runs (`hmac.rs`) and then the next message
//! that waits, so that packets of different lengths leave no lane idle until the last ones.

use super::cipher::Span;
use super::hmac::{Hash, Hmac, Message, Stage, mac};
use super::integrity::Mac;
use super::sha_lanes::{LANES, States};

/// A message and its number in the batch.
struct Lane {
    message: Message,
    index: usize,
}

impl<H: Hash> Hmac<H> {
    /// Compute the MACs of all spans. The CPU must have `cpu::has_hash_lanes`.
    pub(super) fn authenticate_lanes(&self, arena: &[u8], spans: &[Span], macs: &mut [Mac]) {
        let mut states = States::new();
        let mut lanes: [Option<Lane>; LANES] = [const { None }; LANES];
        let mut waiting = spans.iter().enumerate();
        loop {
            for (number, lane) in lanes.iter_mut().enumerate().filter(|(_, lane)| lane.is_none()) {
                let Some((index, span)) = waiting.next() else { break };
                *lane = Some(Lane { message: Message::new(arena, span), index });
                states.set(number, &self.inner);
            }
            if lanes.iter().flatten().count() < H::LANES_MIN {
                return self.finish_alone(arena, &states, lanes, macs);
            }
            self.run(arena, &mut states, &mut lanes, macs);
        }
    }

    /// Go on until the first lane is at the end of a run.
    fn run(&self, arena: &[u8], states: &mut States, lanes: &mut [Option<Lane>; LANES], macs: &mut [Mac]) {
        let mut inputs: [&[u8]; LANES] = [&[]; LANES];
        let mut blocks = usize::MAX;
        for (input, lane) in inputs.iter_mut().zip(lanes.iter()) {
            let Some(lane) = lane else { continue };
            *input = lane.message.input(arena);
            blocks = blocks.min(lane.message.blocks);
        }
        // An idle lane goes along with another's input, and nobody looks at what comes out.
        let some_input = inputs.iter().find(|input| !input.is_empty()).copied().unwrap_or_default();
        inputs.iter_mut().filter(|input| input.is_empty()).for_each(|input| *input = some_input);
        H::compress_lanes(states, &inputs, blocks);
        for (number, lane) in lanes.iter_mut().enumerate() {
            let Some(Lane { message, index }) = lane else { continue };
            message.advance(blocks);
            if message.blocks > 0 {
                continue;
            }
            let mut state = states.get(number);
            self.next_run(message, &mut state);
            if message.stage == Stage::Done {
                macs[*index] = mac::<H>(&state);
                *lane = None;
            } else {
                states.set(number, &state);
            }
        }
    }

    /// Too few messages are left for the lanes to pay.
    fn finish_alone(&self, arena: &[u8], states: &States, lanes: [Option<Lane>; LANES], macs: &mut [Mac]) {
        for (number, lane) in lanes.into_iter().enumerate() {
            if let Some(Lane { message, index }) = lane {
                macs[index] = self.finish(arena, message, states.get(number));
            }
        }
    }
}
