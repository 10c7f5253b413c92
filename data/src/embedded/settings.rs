//! The server's settings, written anew before each start: small machine, nothing acknowledged is ever lost.

use std::fmt::Write as _;
use std::path::Path;

const MB: u64 = 1024 * 1024;

/// The text of the settings file for a machine with `memory_bytes` of memory.
///
/// An eighth of the memory is shared buffers, at most 1 GB: the whole city's tables that matter by the second fit, and
/// the machine is shared with the service and perhaps a browser.
pub(super) fn text(socket_dir: &Path, memory_bytes: u64) -> String {
    let shared_mb = (memory_bytes / MB / 8).clamp(128, 1024);
    let cache_mb = (memory_bytes / MB / 2).max(256);
    let maintenance_mb = (memory_bytes / MB / 16).clamp(64, 512);
    let mut text = String::from("# Written by wangge before each start: changes here are lost.\n");
    let mut set = |name: &str, value: &str| {
        writeln!(text, "{name} = '{}'", value.replace('\'', "''")).expect("writing to a string");
    };
    set("listen_addresses", "");
    set("unix_socket_directories", &socket_dir.to_string_lossy());
    set("unix_socket_permissions", "0700");
    set("max_connections", "80");
    set("password_encryption", "scram-sha-256");
    // An answer leaves only after its commit is on disk.
    set("fsync", "on");
    set("synchronous_commit", "on");
    set("full_page_writes", "on");
    set("shared_buffers", &format!("{shared_mb}MB"));
    set("effective_cache_size", &format!("{cache_mb}MB"));
    set("maintenance_work_mem", &format!("{maintenance_mb}MB"));
    set("work_mem", "24MB");
    set("random_page_cost", "1.1");
    set("jit", "off");
    set("max_parallel_workers_per_gather", "1");
    set("max_parallel_maintenance_workers", "1");
    // Nobody follows a private cluster: tables filled by the transaction that emptied them need no log.
    set("wal_level", "minimal");
    set("max_wal_senders", "0");
    // A city loads in one transaction: let it run into few, spread checkpoints.
    set("wal_buffers", "16MB");
    set("wal_compression", "on");
    set("max_wal_size", "4GB");
    set("min_wal_size", "512MB");
    set("checkpoint_timeout", "15min");
    set("checkpoint_completion_target", "0.9");
    // The outbox and the counters of open cases turn over fast.
    set("autovacuum_naptime", "15s");
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    set("log_line_prefix", "%m [%p] ");
    set("log_min_duration_statement", "2s");
    set("log_checkpoints", "off");
    text
}

/// The memory of this machine, or of its container when that is less, in bytes.
pub(super) fn memory_bytes() -> u64 {
    let machine = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| {
            let kb: u64 = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
            Some(kb * 1024)
        })
        .unwrap_or(1024 * MB);
    let container = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok());
    container.map_or(machine, |limit| limit.min(machine))
}

#[cfg(test)]
mod tests {
    use super::{MB, text};
    use std::path::Path;

    #[test]
    fn buffers_follow_the_memory_within_bounds() {
        let of = |memory_mb: u64| text(Path::new("/run/x"), memory_mb * MB);
        assert!(of(512).contains("shared_buffers = '128MB'"));
        assert!(of(4096).contains("shared_buffers = '512MB'"));
        assert!(of(65_536).contains("shared_buffers = '1024MB'"));
    }

    #[test]
    fn a_quote_in_the_path_cannot_end_the_value() {
        assert!(text(Path::new("/it's"), MB).contains("unix_socket_directories = '/it''s'"));
    }
}
