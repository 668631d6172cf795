//! What a process cost so far, as the kernel counts it.

/// Milliseconds of one of the kernel's ticks (`sysconf(_SC_CLK_TCK)` is 100 on every Linux).
const TICK_MS: u64 = 10;

/// Processor time of this process so far, in user and kernel mode, in milliseconds.
#[must_use]
pub fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name may hold blanks: fields are counted behind it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|field| field.parse::<u64>().ok())
        .sum::<u64>()
        * TICK_MS
}

/// Resident memory now, and the most so far, in KiB.
#[must_use]
pub fn memory_kib() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let found = status.lines().find_map(|line| line.strip_prefix(name))?;
        found.trim().strip_suffix(" kB")?.trim().parse().ok()
    };
    (line("VmRSS:").unwrap_or(0), line("VmHWM:").unwrap_or(0))
}
