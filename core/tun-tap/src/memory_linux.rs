//! Memory that this process has touched and does not use any more, given back to the system (madvise(2), malloc_trim(3)).
//!
//! A program's own code and constants are pages of its file. The kernel maps them sixteen at a time as they are used and
//! leaves them mapped, so what only the start needed counts as resident for good. Unmapped, they stay in the page cache:
//! whoever uses one again has a minor fault, and nothing is read from a disk.

/// Give back what is free in the allocator's arenas, and pages of the program's file. Gives the bytes of the latter.
pub fn trim() -> u64 {
    trim_arenas();
    drop_file_pages()
}

/// glibc keeps what threads have freed, unless it lies at an arena's end.
fn trim_arenas() {
    // SAFETY: it locks each arena, and gives back whole pages of what is free.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Without /proc nothing is dropped: it is no reason to fail.
fn drop_file_pages() -> u64 {
    let Ok(program) = std::fs::read_link("/proc/self/exe") else { return 0 };
    let Ok(smaps) = std::fs::read_to_string("/proc/self/smaps") else { return 0 };
    let Some(program) = program.to_str() else { return 0 };
    mappings(&smaps).filter(|mapping| mapping.is_clean(program)).map(|mapping| drop_pages(&mapping)).sum()
}

fn drop_pages(mapping: &Mapping) -> u64 {
    // SAFETY: a private mapping of a file, read only, none of whose pages differs from the file: whoever reads it next
    // reads the same.
    let result =
        unsafe { libc::madvise(mapping.start as *mut libc::c_void, mapping.end - mapping.start, libc::MADV_DONTNEED) };
    if result == 0 { mapping.resident } else { 0 }
}

/// What proc_pid_smaps(5) says of a mapping, sizes in bytes.
struct Mapping<'a> {
    start: usize,
    end: usize,
    access: &'a str,
    /// Offset, device, inode and path.
    file: &'a str,
    resident: u64,
    /// Pages that are not the file's, in memory or swapped out.
    own: u64,
}

impl Mapping<'_> {
    /// Whether it is of `program`'s file and nothing in it was written: not by the loader (relocations), not by a debugger
    /// (breakpoints), and it was not moved into huge pages (`node --use-largepages`).
    fn is_clean(&self, program: &str) -> bool {
        let is_program = self.file.strip_suffix(program).is_some_and(|before| before.ends_with(' '));
        is_program && matches!(self.access, "r--p" | "r-xp") && self.own == 0
    }
}

fn mappings(smaps: &str) -> impl Iterator<Item = Mapping<'_>> {
    let mut lines = smaps.lines().peekable();
    std::iter::from_fn(move || {
        let mut mapping = lines.by_ref().find_map(first_line)?;
        while let Some((name, size)) = lines.next_if(|line| first_line(line).is_none()).map(sized) {
            match name {
                "Rss" => mapping.resident = size,
                "Anonymous" | "Swap" => mapping.own += size,
                _ => {}
            }
        }
        Some(mapping)
    })
}

fn first_line(line: &str) -> Option<Mapping<'_>> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let (access, file) = rest.split_once(' ')?;
    let [start, end] = [start, end].map(|text| usize::from_str_radix(text, 16).ok());
    Some(Mapping { start: start?, end: end?, access, file, resident: 0, own: 0 })
}

/// `Rss:     12 kB`; the size is 0 of a line that has none.
fn sized(line: &str) -> (&str, u64) {
    let (name, size) = line.split_once(':').unwrap_or((line, ""));
    let kilobytes: u64 = size.trim_ascii().strip_suffix(" kB").and_then(|text| text.parse().ok()).unwrap_or(0);
    (name, kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMAPS: &str = "\
00400000-01000000 r-xp 00000000 fe:00 7 /opt/a node
Size: 12288 kB
Rss: 4096 kB
Anonymous: 0 kB
Swap: 0 kB
VmFlags: rd ex mr
01000000-01100000 r--p 00c00000 fe:00 7 /opt/a node
Rss: 64 kB
Anonymous: 4 kB
Swap: 0 kB
01100000-01200000 r--p 00d00000 fe:00 7 /opt/a node
Rss: 8 kB
Anonymous: 0 kB
Swap: 4 kB
01200000-01300000 rw-p 00e00000 fe:00 7 /opt/a node
Rss: 64 kB
Anonymous: 0 kB
01300000-01400000 r-xp 00000000 00:00 0
Rss: 64 kB
Anonymous: 0 kB
01400000-01500000 r-xp 00000000 fe:00 8 /opt/b/opt/a node
Rss: 64 kB
Anonymous: 0 kB
01500000-01600000 r--p 00f00000 fe:00 7 /opt/a node
Rss: 12 kB
Anonymous: 0 kB";

    #[test]
    fn only_mappings_of_the_program_are_clean_in_which_nothing_was_written() {
        let clean: Vec<_> = mappings(SMAPS)
            .filter(|mapping| mapping.is_clean("/opt/a node"))
            .map(|mapping| (mapping.start, mapping.end, mapping.resident))
            .collect();
        assert_eq!(clean, [(0x40_0000, 0x100_0000, 4096 << 10), (0x150_0000, 0x160_0000, 12 << 10)]);
    }

    #[test]
    fn a_program_goes_on_without_the_pages_of_its_file() {
        let functions = [trim as fn() -> u64; 2];
        let words: Vec<String> = SMAPS.split(' ').map(str::to_owned).collect();
        assert!(functions[0]() > 0, "pages of this test's program");
        functions[1]();
        assert_eq!(words.join(" "), SMAPS);
    }
}
