//! The connection string of the tile pools: the service's own, with settings that belong to drawing.

use std::time::Duration;

/// Adds a statement timeout, no just-in-time compilation (tiles are too short for it), a name for
/// `pg_stat_activity`, and no TLS on a Unix socket, to a connection URL or a `key=value` string.
/// Settings that are already there win, server options are kept beside ours.
pub(crate) fn for_drawing(database_url: &str, statement_timeout: Duration) -> String {
    let timeout_ms = statement_timeout.as_millis();
    if !database_url.contains("://") {
        return format!(
            "application_name=wangge-tiles {database_url} options='-c statement_timeout={timeout_ms} -c jit=off'"
        );
    }
    let (address, query) = database_url.split_once('?').unwrap_or((database_url, ""));
    let mut settings: Vec<String> =
        query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    let ours = format!("-c%20statement_timeout%3D{timeout_ms}%20-c%20jit%3Doff");
    match settings.iter_mut().find(|pair| pair.starts_with("options=")) {
        Some(options) => {
            options.push_str("%20");
            options.push_str(&ours);
        }
        None => settings.push(format!("options={ours}")),
    }
    let mut add = |name: &str, setting: &str| {
        if !settings.iter().any(|pair| pair.starts_with(name)) {
            settings.push(format!("{name}={setting}"));
        }
    };
    add("application_name", "wangge-tiles");
    if is_socket(address, query) {
        add("sslmode", "disable");
    }
    format!("{address}?{}", settings.join("&"))
}

fn is_socket(address: &str, query: &str) -> bool {
    let is_path =
        |host: &str| host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f");
    let after_scheme = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = after_scheme.rsplit_once('@').map_or(after_scheme, |(_, host)| host);
    is_path(authority) && authority.to_ascii_lowercase().starts_with("%2f")
        || query.split('&').any(|pair| pair.strip_prefix("host=").is_some_and(is_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(3);
    const OURS: &str = "-c%20statement_timeout%3D3000%20-c%20jit%3Doff";

    #[test]
    fn a_socket_gets_no_tls_and_a_host_keeps_its_own() {
        for socket in ["postgres://w:p@%2Fvar%2Fpg/wangge", "postgres:///wangge?host=/var/pg"] {
            assert!(for_drawing(socket, LIMIT).ends_with("&sslmode=disable"), "{socket}");
        }
        let remote = for_drawing("postgres://w:p@db.example:5432/wangge", LIMIT);
        assert_eq!(
            remote,
            format!(
                "postgres://w:p@db.example:5432/wangge?options={OURS}&application_name=wangge-tiles"
            )
        );
    }

    #[test]
    fn settings_of_the_caller_are_kept() {
        let given =
            "postgres://h/d?options=-c%20search_path%3Dcity&sslmode=require&application_name=x";
        assert_eq!(
            for_drawing(given, LIMIT),
            format!(
                "postgres://h/d?options=-c%20search_path%3Dcity%20{OURS}&sslmode=require&application_name=x"
            )
        );
    }

    #[test]
    fn a_key_value_string_stays_one() {
        let given = for_drawing("host=/var/pg dbname=wangge", LIMIT);
        assert!(given.starts_with("application_name=wangge-tiles host=/var/pg dbname=wangge "));
        assert!(given.ends_with("options='-c statement_timeout=3000 -c jit=off'"));
    }
}
