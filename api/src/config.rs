//! What can be set about the service, from flags and environment, read once.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::TimeDelta;
use data::actions::geocode_job::JobLimits;

/// Options of the service.
#[derive(Clone, Debug, clap::Args)]
pub struct Config {
    /// Address to listen on; port 0 takes any free one and says which
    #[arg(long, env = "WANGGE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Let everyone read what the map wall shows, without a key
    #[arg(long, env = "WANGGE_PUBLIC_WALL")]
    pub public_wall: bool,
    /// The service as clients see it, such as <https://grid.city.example>; else the host they asked for, by http
    #[arg(long, env = "WANGGE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Folder of the fonts that glyphs are drawn from; without it those inside the binary
    #[arg(long, env = "WANGGE_FONTS", value_name = "DIR")]
    pub fonts: Option<PathBuf>,
    /// Folder for what this node can build again, such as the index of the borders
    #[arg(long, env = "WANGGE_CACHE_DIR", default_value = "./var/cache", value_name = "DIR")]
    pub cache_dir: PathBuf,
    /// Longest time for one answer, in seconds
    #[arg(long, env = "WANGGE_REQUEST_TIMEOUT_S", default_value_t = 30, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub request_timeout_s: u64,
    /// A client that does not read for this long is dropped, in seconds
    #[arg(long, env = "WANGGE_STALL_LIMIT_S", default_value_t = 20, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub stall_limit_s: u64,
    /// Most live streams at once
    #[arg(long, env = "WANGGE_MAX_STREAMS", default_value_t = 2000, value_name = "COUNT")]
    pub max_streams: usize,
    /// Largest file of addresses, in MiB
    #[arg(long, env = "WANGGE_FILE_MIB", default_value_t = 32, value_name = "MIB",
          value_parser = clap::value_parser!(u16).range(1..=512))]
    pub file_mib: u16,
    /// Most rows of a file of addresses
    #[arg(long, env = "WANGGE_FILE_ROWS", default_value_t = 200_000, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub file_rows: u32,
    /// Days after which uploaded texts and what was found for them are deleted
    #[arg(long, env = "WANGGE_FILE_DAYS", default_value_t = 30, value_name = "DAYS",
          value_parser = clap::value_parser!(u16).range(1..=3650))]
    pub file_days: u16,
    /// Longest wait for requests to end when stopping, in seconds
    #[arg(long, env = "WANGGE_STOP_LIMIT_S", default_value_t = 10, value_name = "SECONDS")]
    pub stop_limit_s: u64,
}

impl Config {
    /// What is allowed of files of addresses.
    pub fn job_limits(&self) -> JobLimits {
        JobLimits {
            most_bytes: usize::from(self.file_mib) << 20,
            most_rows: self.file_rows as usize,
            kept: TimeDelta::days(i64::from(self.file_days)),
        }
    }
}
