//! Who may depend on whom, read from each crate's `Cargo.toml`.

/// Which crates of ours a crate may use; the direction of the architecture, written once more. `*` = all.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("accounting", &["domain"]),
    ("export", &["accounting", "domain"]),
    ("store", &["accounting", "domain"]),
    ("payplug", &["domain"]),
    ("secrets", &["domain"]),
    ("document", &["domain"]),
    ("mail", &["domain"]),
    ("simulator", &[]),
    (
        "app",
        &[
            "accounting",
            "document",
            "domain",
            "export",
            "mail",
            "payplug",
            "secrets",
            "store",
        ],
    ),
    ("cli", &["app", "domain", "simulator"]),
    ("desktop", &["app", "domain", "simulator"]),
    ("xtask", &[]),
    ("tests", &["*"]),
];

/// What a crate's own tests may use beyond that.
const TESTS_MAY_USE: [(&str, &[&str]); 1] = [("app", &["simulator"])];

/// Libraries that only one crate may name: the knowledge they carry has one home.
const ONE_HOME: [(&str, &[&str]); 7] = [
    ("rusqlite", &["store", "tests"]),
    ("libsqlite3-sys", &["store"]),
    ("keyring", &["secrets"]),
    ("lettre", &["mail"]),
    ("printpdf", &["document"]),
    ("tauri", &["desktop"]),
    ("wry", &[]),
];

/// Faults of one crate's manifest; `name` is its folder (`domain`, …, `tests`).
pub(crate) fn faults(name: &str, manifest: &str) -> Vec<String> {
    let Some((_, may_use)) = MAY_USE.iter().find(|(found, _)| *found == name) else {
        return vec![format!(
            "{name}: a new crate takes its place in MAY_USE of tests/tidy/manifest.rs"
        )];
    };
    let path = match name {
        "tests" => "tests/Cargo.toml".to_owned(),
        "desktop" => "src-tauri/Cargo.toml".to_owned(),
        _ => format!("src-tauri/crates/{name}/Cargo.toml"),
    };
    let mut faults = Vec::new();
    for (line, section, dependency) in dependencies(manifest) {
        if let Some(ours) = dependency.strip_prefix("acquit-") {
            let for_tests = TESTS_MAY_USE.iter().any(|(user, used)| {
                *user == name && used.contains(&ours) && section == "dev-dependencies"
            });
            if !may_use.contains(&"*") && !may_use.contains(&ours) && !for_tests {
                faults.push(format!(
                    "{path}:{line}: {name} must not depend on {ours} [{section}]"
                ));
            }
        }
        for (library, homes) in ONE_HOME {
            if dependency == library && !homes.contains(&name) {
                faults.push(format!(
                    "{path}:{line}: {name} must not depend on {library} [{section}]"
                ));
            }
        }
    }
    if !has_line_in(manifest, "lints", "workspace = true") {
        faults.push(format!(
            "{path}:1: {name} does not take the lints of the workspace"
        ));
    }
    faults
}

/// Faults of the workspace manifest: the lints every crate inherits.
pub(crate) fn workspace_faults(manifest: &str) -> Vec<String> {
    let wanted = [
        ("workspace.lints.rust", "missing_docs = \"deny\""),
        ("workspace.lints.rust", "unsafe_code = \"forbid\""),
        ("workspace.lints.clippy", "unwrap_used = \"deny\""),
        ("workspace.lints.clippy", "expect_used = \"deny\""),
        ("workspace.lints.clippy", "allow_attributes = \"deny\""),
    ];
    let missing = wanted
        .iter()
        .filter(|(section, line)| !has_line_in(manifest, section, line));
    missing
        .map(|(section, line)| format!("Cargo.toml: no `{line}` in [{section}]"))
        .collect()
}

/// Line, section without its target, and name of each dependency of a manifest.
fn dependencies(manifest: &str) -> Vec<(usize, &str, &str)> {
    const SECTIONS: [&str; 3] = ["dev-dependencies", "build-dependencies", "dependencies"];
    let mut found = Vec::new();
    let mut section = None;
    for (number, line) in (1..).zip(manifest.lines().map(str::trim)) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            // [dependencies], [target.'…'.dependencies] or [dependencies.name]
            section = SECTIONS.into_iter().find(|kind| {
                header == *kind
                    || (header.starts_with("target.") && header.ends_with(&format!(".{kind}")))
            });
            let named = SECTIONS.into_iter().find_map(|kind| {
                header
                    .strip_prefix(kind)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .map(|name| (number, kind, name))
            });
            found.extend(named);
        } else if let Some(kind) = section
            && let Some((key, _)) = line.split_once('=')
            && !line.starts_with('#')
        {
            let name = key
                .trim()
                .split('.')
                .next()
                .unwrap_or_default()
                .trim_matches('"');
            found.push((number, kind, name));
        }
    }
    found
}

/// Whether a section holds a line that begins so.
fn has_line_in(manifest: &str, section: &str, wanted: &str) -> bool {
    let header = format!("[{section}]");
    let lines = manifest
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != header)
        .skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .any(|line| line.starts_with(wanted))
}

mod tests {
    use super::*;

    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn with(section: &str, line: &str) -> String {
        format!("{LINTS}[{section}]\n{line}\n")
    }

    #[test]
    fn a_dependency_against_the_direction_is_seen() {
        let against = [
            ("domain", "dependencies", "acquit-store.workspace = true"),
            (
                "domain",
                "dev-dependencies",
                "acquit-accounting.workspace = true",
            ),
            (
                "payplug",
                "dev-dependencies",
                "acquit-simulator.workspace = true",
            ),
            (
                "payplug",
                "target.'cfg(unix)'.dependencies",
                "acquit-store = { path = \"../store\" }",
            ),
            ("export", "dependencies.acquit-store", "path = \"../store\""),
            ("app", "dependencies", "acquit-simulator.workspace = true"),
            ("app", "dependencies", "rusqlite.workspace = true"),
            ("cli", "dependencies", "acquit-store.workspace = true"),
            ("tests", "dependencies", "tauri = \"2\""),
        ];
        for (name, section, line) in against {
            assert_eq!(
                faults(name, &with(section, line)).len(),
                1,
                "{name} [{section}] {line}"
            );
        }
    }

    #[test]
    fn a_fault_names_its_line() {
        assert_eq!(
            faults(
                "domain",
                &with("dependencies", "acquit-store.workspace = true")
            ),
            [
                "src-tauri/crates/domain/Cargo.toml:4: domain must not depend on store [dependencies]"
            ]
        );
    }

    #[test]
    fn a_dependency_along_the_direction_is_fine() {
        let along = [
            (
                "export",
                "dependencies",
                "acquit-accounting.workspace = true",
            ),
            (
                "app",
                "dev-dependencies",
                "acquit-simulator.workspace = true",
            ),
            ("store", "dependencies", "rusqlite.workspace = true"),
            ("tests", "dependencies", "acquit-store.workspace = true"),
            ("domain", "package.metadata", "acquit-store = true"),
        ];
        for (name, section, line) in along {
            assert_eq!(
                faults(name, &with(section, line)),
                Vec::<String>::new(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_crate_without_a_place_or_without_lints_is_seen() {
        assert_eq!(faults("helpers", LINTS).len(), 1);
        assert_eq!(
            faults("domain", "[dependencies]\nworkspace = true\n").len(),
            1
        );
    }

    #[test]
    fn a_relaxed_workspace_is_seen() {
        let relaxed = "[workspace.lints.rust]\nmissing_docs = \"warn\"\nunsafe_code = \"forbid\"\n\
            [workspace.lints.clippy]\nunwrap_used = \"deny\"\nexpect_used = \"deny\"\nallow_attributes = \"deny\"\n";
        assert_eq!(workspace_faults(relaxed).len(), 1);
        assert!(workspace_faults(&relaxed.replace("warn", "deny")).is_empty());
    }
}
