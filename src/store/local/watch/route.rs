//! The way to a file.

use super::super::links::MAX_LINKS;
use std::ffi::OsStr;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

/// Goes to the file at `path` and calls `visit` in each directory on the way, with the name that leads
/// on from there, before it looks at what that name is. Gives where the file is, or would be, unless
/// `visit` breaks off or there are too many links.
///
/// Nothing is decided here about which links may be followed; reading the file does that.
pub(super) fn walk(
    path: &Path,
    mut visit: impl FnMut(&Path, &OsStr) -> ControlFlow<()>,
) -> Option<PathBuf> {
    let mut here = PathBuf::from(".");
    let mut ahead = path.to_owned();
    let mut links = 0;
    loop {
        let mut components = ahead.components();
        let Some(component) = components.next() else { return Some(here) };
        let rest = components.as_path();
        ahead = match component {
            Component::Normal(name) => {
                if visit(&here, name).is_break() {
                    return None;
                }
                match fs::read_link(here.join(name)) {
                    Ok(_) if links == MAX_LINKS => return None,
                    Ok(link) => {
                        links += 1;
                        link.join(rest)
                    }
                    Err(_) => {
                        here.push(name);
                        rest.to_owned()
                    }
                }
            }
            // The root, or a step upwards.
            component => {
                here.push(component);
                rest.to_owned()
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// The names that are visited, each with the last part of its directory.
    fn visited(path: &Path) -> Vec<String> {
        let mut names = Vec::new();
        walk(path, |dir, name| {
            let dir = dir.file_name().unwrap_or_default().to_string_lossy();
            names.push(format!("{dir}/{}", name.to_string_lossy()));
            ControlFlow::Continue(())
        });
        names
    }

    #[test]
    fn links_are_visited_and_so_is_where_they_lead() {
        let sandbox = tempfile::tempdir().unwrap();
        let root = sandbox.path();
        fs::create_dir_all(root.join("releases/42")).unwrap();
        symlink("releases/42", root.join("current")).unwrap();
        symlink("real", root.join("releases/42/f")).unwrap();
        let above = visited(root).len();
        let names = visited(&root.join("current/f"));
        let base = root.file_name().unwrap().to_string_lossy();
        let expected = [
            &format!("{base}/current"),
            &format!("{base}/releases"),
            "releases/42",
            "42/f",
            "42/real",
        ];
        assert_eq!(names[above..], expected);
        symlink("loop", root.join("loop")).unwrap();
        assert_eq!(visited(&root.join("loop")).len(), above + MAX_LINKS + 1);
    }
}
