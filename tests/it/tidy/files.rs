//! Size, shape and whereabouts of files.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{extension, read, repository_files, root};

const LONGEST_FILE_LINES: usize = 400;

#[test]
fn no_source_file_is_longer_than_400_lines() -> Result<()> {
    let mut long = Vec::new();
    for file in repository_files()? {
        if matches!(extension(&file), "rs" | "ts" | "vue" | "sql" | "mjs" | "js" | "sh" | "css") {
            let lines = read(&file)?.lines().count();
            if lines > LONGEST_FILE_LINES {
                long.push(format!("{} has {lines}", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "two readers in one file? {long:#?}");
    Ok(())
}

#[test]
fn the_makefile_fits_two_screens() -> Result<()> {
    let lines = read("Makefile".as_ref())?.lines().count();
    assert!(lines <= 120, "Makefile has {lines} lines, 120 are the limit");
    Ok(())
}

#[test]
fn the_router_is_one_page_and_the_only_place_with_urls() -> Result<()> {
    let page = read("api/src/router.rs".as_ref())?;
    assert!(page.lines().count() <= 200, "api/src/router.rs has {} lines", page.lines().count());
    for file in repository_files()? {
        let inside = file.starts_with("api/src") && extension(&file) == "rs";
        // The reference's own files are one tree, mounted as it comes.
        let exempt = ["api/src/router.rs", "api/src/routes/docs.rs"]
            .iter()
            .any(|page| file == Path::new(page));
        if inside && !exempt {
            for (number, line) in read(&file)?.lines().enumerate() {
                assert!(
                    !line.trim_start().starts_with(".route(\""),
                    "{}:{}: a url outside router.rs",
                    file.display(),
                    number + 1
                );
            }
        }
    }
    Ok(())
}

#[test]
fn nothing_big_and_no_third_party_map_is_in_the_repository() -> Result<()> {
    for file in repository_files()? {
        let bytes = std::fs::metadata(root().join(&file))?.len();
        let limit = match extension(&file) {
            "jpg" | "png" | "webp" => 400 * 1024,
            "lock" => 1024 * 1024,
            "json" if file.ends_with("package-lock.json") => 1024 * 1024,
            // fonts that the product ships
            "ttf" | "otf" | "woff2" | "pbf" => 20 * 1024 * 1024,
            _ => 256 * 1024,
        };
        assert!(bytes <= limit, "{} has {bytes} bytes, {limit} are the limit", file.display());
        assert!(
            !matches!(
                extension(&file),
                "gpkg" | "fgb" | "shp" | "gz" | "zip" | "mbtiles" | "pmtiles"
            ),
            "{}: map data is generated or imported, not shipped",
            file.display()
        );
    }
    Ok(())
}

#[test]
fn every_relative_link_in_the_documents_leads_somewhere() -> Result<()> {
    let mut broken = Vec::new();
    let mut links = 0;
    for file in repository_files()?.into_iter().filter(|file| extension(file) == "md") {
        let folder = file.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        for target in link_targets(&read(&file)?) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            links += 1;
            if !root().join(&folder).join(path).exists() {
                broken.push(format!("{}: {target}", file.display()));
            }
        }
    }
    assert!(links > 0, "no link was looked at");
    assert!(broken.is_empty(), "{broken:#?}");
    Ok(())
}

#[test]
fn every_file_that_the_documents_name_is_there() -> Result<()> {
    const ROOMS: [&str; 9] =
        ["spatial/", "data/", "tiles/", "api/", "web/src/", "tests/", "docs/", "scripts/", ".ci/"];
    let mut named = 0;
    for document in
        ["README.md", "ARCHITECTURE.md", "docs/OPERATING.md", "docs/BENCHMARKS.md", "docs/API.md"]
    {
        let text = read(document.as_ref())?;
        for word in text.split('`').skip(1).step_by(2) {
            if ROOMS.iter().any(|room| word.starts_with(room)) && !word.contains([' ', '*', '{']) {
                named += 1;
                assert!(root().join(word).exists(), "{document} names {word}, which is not there");
            }
        }
    }
    assert!(named > 10, "only {named} names were looked at");
    Ok(())
}

/// What stands in `](…)`, outside code.
fn link_targets(markdown: &str) -> Vec<String> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code {
            let after = line.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
            targets.extend(after.map(|(target, _)| target.to_owned()));
        }
    }
    targets
}

#[test]
fn the_link_reader_sees_links_and_passes_over_code() {
    let text = "see [a](b.md#c) and ![d](e.png)\n```\n[x](y)\n```\n";
    assert_eq!(link_targets(text), ["b.md#c", "e.png"]);
}

#[test]
fn migrations_are_numbered_without_a_gap_and_begin_with_a_reason() -> Result<()> {
    let mut names: Vec<_> = repository_files()?
        .into_iter()
        .filter(|file| file.starts_with("data/migrations") && extension(file) == "sql")
        .collect();
    names.sort();
    assert!(names.len() >= 5, "only {} migrations", names.len());
    for (index, file) in names.iter().enumerate() {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        assert!(name.starts_with(&format!("{:04}_", index + 1)), "{name} is number {}", index + 1);
        assert!(read(file)?.starts_with("-- "), "{name} does not begin with the reason for it");
    }
    Ok(())
}
