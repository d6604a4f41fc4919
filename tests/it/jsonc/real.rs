//! Files as their programs and their users write them.

use super::edits;

const TSCONFIG: &str = include_str!("files/tsconfig.json");
const SETTINGS: &str = include_str!("files/settings.jsonc");
const DEVCONTAINER: &str = include_str!("files/devcontainer.json");
const KEYBINDINGS: &str = include_str!("files/keybindings.json");

/// A file of VS Code is known by its name and so needs no option, whatever ends its lines.
#[track_caller]
fn windows_too(file: &str, base: &str, args: &[&str], changes: &[(&str, &str)]) {
    edits(file, base, args, changes);
    let changes: Vec<_> = changes
        .iter()
        .map(|(old, new)| (old.replace('\n', "\r\n"), new.replace('\n', "\r\n")))
        .collect();
    let changes: Vec<_> = changes.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    edits(file, &base.replace('\n', "\r\n"), args, &changes);
}

#[test]
fn tsconfig_is_set() {
    let last = "    \"skipLibCheck\": true                      /* Skip type checking all .d.ts files. */\n  }\n";
    windows_too(
        "tsconfig.json",
        TSCONFIG,
        &["set", "compilerOptions.target=es2022", "compilerOptions.outDir=dist", "include[]=src"],
        &[
            ("\"esnext\",\n", "\"es2022\",\n"),
            (
                last,
                "    \"skipLibCheck\": true,                      /* Skip type checking all .d.ts files. */\n    \
                 \"outDir\": \"dist\"\n  },\n  \"include\": [\n    \"src\"\n  ]\n",
            ),
        ],
    );
}

#[test]
fn tsconfig_loses_options_with_their_comments_only() {
    windows_too(
        "tsconfig.json",
        TSCONFIG,
        &["del", "compilerOptions.module", "compilerOptions.skipLibCheck"],
        &[
            (
                "    // Environment Settings\n    // See also https://aka.ms/tsconfig/module\n    \"module\": \"nodenext\",\n",
                "",
            ),
            ("\"strict\": true,  ", "\"strict\": true  "),
            (
                "    \"skipLibCheck\": true                      /* Skip type checking all .d.ts files. */\n",
                "",
            ),
        ],
    );
    windows_too(
        "tsconfig.json",
        TSCONFIG,
        &["del", "compilerOptions.strict", "compilerOptions.types"],
        &[
            (
                "    /* Type Checking */\n    \"strict\": true,                           /* Enable all strict type-checking options. */\n",
                "",
            ),
            ("    \"types\": [],\n", ""),
        ],
    );
}

#[test]
fn settings_keep_sections_and_trailing_commas() {
    windows_too(
        "settings.jsonc",
        SETTINGS,
        &["set", "z:={\"a\":1}", "/files.exclude/**~1dist:=true", "/editor.rulers/0:=79"],
        &[
            ("[80, 100]", "[79, 100]"),
            (
                "\"**/node_modules\": true,\n",
                "\"**/node_modules\": true,\n\t\t\"**/dist\": true,\n",
            ),
            ("\"on\" },\n", "\"on\" },\n\t\"z\": { \"a\": 1 },\n"),
        ],
    );
    windows_too(
        "settings.jsonc",
        SETTINGS,
        &["del", "/editor.rulers", "/[markdown]", "/files.exclude/**~1.git"],
        &[
            ("\t\"editor.rulers\": [80, 100], /* two rulers */\n", ""),
            (
                "\t/* off: \"files.trimTrailingWhitespace\" */\n\t\"[markdown]\": { \"editor.wordWrap\": \"on\" },\n",
                "",
            ),
            ("\t\t\"**/.git\": true, // hidden\n", ""),
        ],
    );
}

#[test]
fn settings_are_merged() {
    windows_too(
        "settings.jsonc",
        SETTINGS,
        &[
            "merge",
            r#"{"editor.tabSize": null, "files.exclude": {"**/.git": null, "**/*.o": true}, "n": [1]}"#,
        ],
        &[
            ("\t// Editor\n\t\"editor.tabSize\": 4, // four\n", ""),
            ("\t\t\"**/.git\": true, // hidden\n", ""),
            ("\"**/node_modules\": true,\n", "\"**/node_modules\": true,\n\t\t\"**/*.o\": true,\n"),
            ("\"on\" },\n", "\"on\" },\n\t\"n\": [1],\n"),
        ],
    );
}

#[test]
fn devcontainer_gets_features_before_what_is_commented_out() {
    windows_too(
        "devcontainer.json",
        DEVCONTAINER,
        &["set", "features:={\"node\":{}}", "name=R"],
        &[
            ("\"Rust\"", "\"R\""),
            ("1-1-bookworm\"\n", "1-1-bookworm\",\n\t\"features\": {\n\t\t\"node\": {}\n\t}\n"),
        ],
    );
    windows_too(
        "devcontainer.json",
        DEVCONTAINER,
        &["del", "image"],
        &[(
            "\"Rust\",\n\t// Or use a Dockerfile or Docker Compose file. More info: \
             https://containers.dev/guide/dockerfile\n\t\"image\": \
             \"mcr.microsoft.com/devcontainers/rust:1-1-bookworm\"\n",
            "\"Rust\"\n",
        )],
    );
}

#[test]
fn devcontainer_without_members_keeps_what_belongs_to_nobody() {
    let (head, rest) = DEVCONTAINER.split_once("\t\"name\"").unwrap();
    let tail = rest.split_once("bookworm\"\n").unwrap().1;
    windows_too(
        "devcontainer.json",
        DEVCONTAINER,
        &["del", "image", "name"],
        &[(DEVCONTAINER, &format!("{head}{}", tail.trim_start_matches('\n')))],
    );
}

#[test]
fn keybindings_are_sorted_with_their_comments() {
    let terminal = "    // Terminal\n    {\n        \"key\": \"ctrl+t\", // new\n        \"command\": \
                    \"workbench.action.terminal.new\"\n    },\n";
    let find = "    // Search\n    { \"key\": \"ctrl+f\", \"command\": \"find\" }\n";
    let moved = format!("{},\n{}\n", find.trim_end(), terminal.trim_end().trim_end_matches(','));
    for args in [
        &["apply", "sort_by(.command)"][..],
        &["patch", r#"[{"op": "move", "from": "/0", "path": "/2"}]"#],
    ] {
        windows_too("keybindings.json", KEYBINDINGS, args, &[(terminal, ""), (find, &moved)]);
    }
}

#[test]
fn keybindings_are_filtered() {
    let gone = "    {\n        \"key\": \"ctrl+w\",\n        \"command\": \
                \"-workbench.action.closeWindow\" // never\n    }, // by accident\n";
    windows_too(
        "keybindings.json",
        KEYBINDINGS,
        &["apply", "map(select(.key != \"ctrl+w\"))"],
        &[(gone, "")],
    );
    windows_too(
        "keybindings.json",
        KEYBINDINGS,
        &["apply", "map(.when = \"x\")"],
        &[
            ("terminal.new\"\n", "terminal.new\",\n        \"when\": \"x\"\n"),
            ("closeWindow\" // never\n", "closeWindow\", // never\n        \"when\": \"x\"\n"),
            ("\"find\" }", "\"find\", \"when\": \"x\" }"),
        ],
    );
}
