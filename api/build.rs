//! Makes sure that there is a browser build to carry, so that the binary compiles without Node.

use std::path::Path;
use std::{fs, io};

const PLACEHOLDER: &str = "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n<title>wangge</title>\n\
<p>The pages were not built into this binary: run <code>make web</code> and build again.\n\
The API works: <a href=\"/docs\">/docs</a>.</p>\n</html>\n";

fn main() -> io::Result<()> {
    let dist = Path::new("../web/dist");
    if !dist.join("index.html").exists() {
        fs::create_dir_all(dist)?;
        fs::write(dist.join("index.html"), PLACEHOLDER)?;
    }
    println!("cargo::rerun-if-changed=../web/dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
