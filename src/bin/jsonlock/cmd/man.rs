mod remote;

use crate::args::{Cli, Man};
use crate::output;
use crate::report::{EXIT_STATUS, Usage};
use anyhow::Result;
use clap::{Command, CommandFactory as _};
use jsonlock::Dialect;
use roff::{Inline, Roff, bold, italic, roman};
use std::io;

/// When what the pages say has last changed.
const DATE: &str = "2026-11-29";

const FILES: [(&str, &str); 5] = [
    (
        "FILE",
        "The document. Readers need no lock: they see the old document or the new one, whole.",
    ),
    (
        "FILE.lock",
        "The lock file, beside the document that a symbolic link leads to. It stays for ever and may \
         be deleted only while nobody edits. Add it to .gitignore.",
    ),
    (
        ".jsonlock-*",
        "A temporary file, there for a moment. After a kill, the next edit removes it, or makes it FILE if \
         there is none; after a power cut it may stay, and may be deleted while nobody edits if FILE is there.",
    ),
    (
        "FILE.bak",
        "With --backup, what the last edit replaced, with the access that the document had.",
    ),
    (
        "FILE.displaced.*",
        "What a program wrote that does not lock, when several of them replaced FILE in the instant of \
         an edit; or what a killed edit was about to publish, if FILE was made anew meanwhile. A warning has \
         named it, and nothing removes it.",
    ),
];

const ENVIRONMENT: [(&str, &str); 4] = [
    (
        "JSONLOCK_TIMEOUT",
        "The default of --timeout. For get, status and wait, which do not wait for locks: how long they try to \
         reach the service of a URL.",
    ),
    ("JSONLOCK_NETWORK_FS", "The default of --network-fs."),
    (
        "JSONLOCK_HELD",
        "Set by lock for the program that it runs, so that edits which that makes take part in the lock.",
    ),
    ("NO_COLOR", "If it is not empty, --diff has no colours."),
];

pub(crate) fn run(args: &Man) -> Result<()> {
    let mut cli = Cli::command();
    cli.build();
    let page = match &args.command {
        None => page(&cli, "jsonlock")?,
        Some(name) => {
            let command = cli
                .find_subcommand(name)
                .ok_or_else(|| Usage(format!("there is no command {name:?} to have a page")))?;
            page(command, &format!("jsonlock-{}", command.get_name()))?
        }
    };
    output::write(page)
}

fn page(command: &Command, title: &str) -> io::Result<Vec<u8>> {
    let source = concat!("jsonlock ", env!("CARGO_PKG_VERSION"));
    let examples = command.get_after_long_help().or(command.get_after_help());
    let examples = examples.map(ToString::to_string).unwrap_or_default();
    let command = command.clone().after_help("").after_long_help("");
    let man = clap_mangen::Man::new(command.disable_help_subcommand(true))
        .title(title.to_uppercase())
        .date(DATE)
        .source(source)
        .manual("jsonlock manual");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if title == "jsonlock" {
        man.render_subcommands_section(&mut page)?;
    }
    common_sections(title, &examples).to_writer(&mut page)?;
    Ok(page)
}

/// What the main page says of comments.
const COMMENTS: [&str; 4] = [
    "FILE may have comments (// to the end of the line, and /* */) and a comma before a closing bracket \
     if --jsonc is given, or if it has one of the names below. They stay as they are, and an edit places \
     what is new so that they stay beside what they describe. Any other FILE is strict JSON, as are \
     values, patches, and what jq filters and get PATH see; get FILE . prints FILE without comments, and \
     the CMD of filter gets FILE with them.",
    "A comment that begins on the line on which a member or an element ends belongs to that. So do \
     comments on lines of their own directly above it, up to an empty line, and those between its key and \
     its value. Where the next one stands on the same line, the comma divides. What is deleted takes its \
     comments along, and what is put elsewhere in the same object or array brings them along.",
    "Other comments belong to nobody and stay: those on the line of an opening bracket, those above an \
     empty line, those on lines of their own behind the last member, and, on lines of their own, \
     those that hold JSON, because they begin with a quotation mark or a bracket, and what is above them. \
     A new last member comes before them.",
    "When a value is replaced, the comments in it go with it. A value that a JSON Patch moves or copies \
     keeps the comments in it, unless the patch has also changed it or replaces a value with it; moved to \
     another key of the same object it keeps those beside it too, elsewhere it loses them. Whether there is \
     a comma behind the last member stays as it is; a new object or array of several lines has one if most \
     others in FILE do.",
];

/// What clap does not know of.
fn common_sections(title: &str, examples: &str) -> Roff {
    let mut roff = Roff::new();
    if title == "jsonlock" {
        roff.control("SH", ["COMMENTS"]);
        for paragraph in COMMENTS {
            roff.text([roman(paragraph)]).control("PP", []);
        }
        roff.text([roman("The names, in any directory:")]);
        entry(&mut roff, roman(""), &Dialect::JSONC_NAMES.join(", "));
        remote_section(&mut roff);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in EXIT_STATUS {
        entry(&mut roff, bold(code.to_string()), meaning);
    }
    roff.control("SH", ["FILES"]);
    for (file, meaning) in FILES {
        entry(&mut roff, italic(file), meaning);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (variable, meaning) in ENVIRONMENT {
        entry(&mut roff, bold(variable), meaning);
    }
    if title == "jsonlock" {
        for (variables, meaning) in remote::ENVIRONMENT {
            entry(&mut roff, bold(variables), meaning);
        }
    }
    if let Some((_, lines)) = examples.split_once('\n') {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in lines.lines().take_while(|line| !line.is_empty()) {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("fi", []);
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([
        bold("jsonlock"),
        roman("(1), "),
        bold("flock"),
        roman("(1), "),
        bold("jq"),
        roman("(1)"),
    ]);
    roff
}

fn remote_section(roff: &mut Roff) {
    roff.control("SH", ["REMOTE DOCUMENTS"]);
    for paragraph in remote::REMOTE {
        roff.text([roman(paragraph)]).control("PP", []);
    }
    roff.text([roman("The URLs:")]);
    for (url, meaning) in remote::URLS {
        entry(roff, italic(url), meaning);
    }
}

fn entry(roff: &mut Roff, term: Inline, text: &str) {
    roff.control("TP", []).text([term]).text([roman(text)]);
}
