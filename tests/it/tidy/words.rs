//! Words and names that must not appear, each where it must not.

use std::path::Path;

use anyhow::Result;

use super::{extension, read, repository_files};

/// Names that say nothing about what is in a file.
const EMPTY_NAMES: [&str; 15] = [
    "util", "utils", "common", "helper", "helpers", "manager", "handler", "handlers", "service",
    "info", "misc", "item", "obj", "tmp", "process",
];

#[test]
fn no_file_has_an_empty_name() -> Result<()> {
    for file in repository_files()? {
        for part in &file {
            let name = part.to_string_lossy();
            let stem = name.split('.').next().unwrap_or_default();
            assert!(!EMPTY_NAMES.contains(&stem), "{} is named `{stem}`", file.display());
        }
    }
    Ok(())
}

/// The text of a Rust file without its comments and without what follows `mod tests` (tests stand last). Files of tests
/// alone have none.
fn rust_code(file: &Path) -> Result<String> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    if name.ends_with("_tests") || name.starts_with("test_") {
        return Ok(String::new());
    }
    let text = read(file)?;
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    Ok(code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n"))
}

#[test]
fn the_domain_is_pure() -> Result<()> {
    const NOT_IN_THE_DOMAIN: [&str; 12] = [
        "sqlx",
        "tokio",
        "axum",
        "reqwest",
        "Utc::now",
        "Local::now",
        "Instant::now",
        "SystemTime",
        "std::fs",
        "std::net",
        "std::env",
        "rand::",
    ];
    let mut seen = 0;
    for file in repository_files()? {
        if file.starts_with("data/src/domain") && extension(&file) == "rs" {
            seen += 1;
            let code = rust_code(&file)?;
            for word in NOT_IN_THE_DOMAIN {
                assert!(!code.contains(word), "{} mentions {word}", file.display());
            }
        }
    }
    assert!(seen > 5, "only {seen} files in the domain");
    Ok(())
}

#[test]
fn spatial_has_no_clock_no_file_and_no_wait() -> Result<()> {
    const NOT_IN_SPATIAL: [&str; 7] =
        ["Utc::now", "Instant::now", "SystemTime", "std::fs", "std::net", "async fn", "std::env"];
    for file in repository_files()? {
        if file.starts_with("spatial/src") && extension(&file) == "rs" {
            let code = rust_code(&file)?;
            for word in NOT_IN_SPATIAL {
                assert!(!code.contains(word), "{} mentions {word}", file.display());
            }
        }
    }
    Ok(())
}

#[test]
fn the_service_asks_the_database_in_one_place_only() -> Result<()> {
    const ROOMS_WITH_SQL: [&str; 6] = [
        "data/src/store",
        "data/src/jobs",
        "data/src/import",
        "data/src/export",
        "data/src/city",
        "data/src/embedded",
    ];
    for file in repository_files()? {
        let ours = extension(&file) == "rs"
            && ["api/src", "data/src"].iter().any(|room| file.starts_with(room));
        if ours && !ROOMS_WITH_SQL.iter().any(|room| file.starts_with(room)) {
            let code = rust_code(&file)?;
            for call in ["sqlx::query", "QueryBuilder", "query_as("] {
                assert!(
                    !code.contains(call),
                    "{} writes SQL ({call}): it belongs into data/src/store",
                    file.display()
                );
            }
        }
    }
    Ok(())
}

#[test]
fn each_crate_says_what_it_knows_nothing_of() -> Result<()> {
    for room in ["spatial", "data", "tiles", "api", "tests"] {
        let root = read(Path::new(room).join("src/lib.rs").as_path())?;
        assert!(root.contains("knows nothing of"), "{room}/src/lib.rs does not say what is absent");
    }
    Ok(())
}

#[test]
fn no_web_page_names_an_outside_host() -> Result<()> {
    // Names of vocabularies are not addresses that anything is fetched from.
    const NAMES: [&str; 3] = ["http://www.w3.org/", "https://json-schema.org", "http://localhost"];
    for file in repository_files()? {
        let page =
            matches!(extension(&file), "ts" | "vue" | "html" | "css" | "js" | "mjs" | "json")
                && file.starts_with("web")
                && !file.starts_with("web/test")
                && !file.ends_with("package-lock.json")
                && !file.ends_with("package.json");
        if page {
            for (number, line) in read(&file)?.lines().enumerate() {
                let comment =
                    line.trim_start().starts_with("//") || line.trim_start().starts_with('*');
                let outside = ["http://", "https://", "//cdn", "//unpkg"]
                    .iter()
                    .any(|scheme| line.contains(scheme));
                let vocabulary = NAMES.iter().any(|name| line.contains(name));
                assert!(
                    comment || !outside || vocabulary,
                    "{}:{}: {line}",
                    file.display(),
                    number + 1
                );
            }
        }
    }
    Ok(())
}

#[test]
fn sql_never_selects_everything() -> Result<()> {
    for file in repository_files()? {
        let query = matches!(extension(&file), "rs" | "sql") && !file.starts_with("tests");
        if query {
            let text = read(&file)?.to_lowercase();
            assert!(
                !text.contains("select *"),
                "{} selects everything: name the columns",
                file.display()
            );
        }
    }
    Ok(())
}
