//! What starting a program costs that is built in several ways: the programs that the arguments name run
//! in turns, on one file of 1 KB each. See `benches/README.md`.

#[path = "compare/machine.rs"]
mod machine;
#[path = "compare/race.rs"]
#[allow(dead_code, reason = "only who runs when is shared")]
mod race;

use anyhow::{Context as _, Result, ensure};
use machine::output;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

struct Program {
    name: String,
    path: PathBuf,
    dir: TempDir,
    /// By the number of the command.
    times: [Vec<Duration>; 2],
}

/// Makes one of the two commands; no two rounds set the same number, since an edit that changes nothing
/// would write nothing.
type Arguments = fn(usize) -> Vec<String>;

const COMMANDS: [(&str, Arguments); 2] = [
    ("get x.json n", |_| ["get", "x.json", "n"].map(str::to_owned).into()),
    ("set x.json n:=… --durability=none", |round| {
        let value = format!("n:={}", FIRST + round + 1);
        vec!["set".into(), "x.json".into(), value, "--durability=none".into()]
    }),
];

/// Where the number starts. It keeps its length, and so does the file.
const FIRST: usize = 10_000_000;

const USAGE: &str = "it takes [--rounds NUMBER] [--goal RATIO] NAME=PROGRAM..., \
                     and compares with the first program";

struct Setting {
    rounds: usize,
    /// What times the first program's time is still well.
    goal: Option<f64>,
    programs: Vec<Program>,
}

fn main() -> Result<()> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, and only wants to see that they are well; and
    // `cargo bench` starts all of them, this one without programs.
    let arguments = given.iter().filter(|argument| *argument != "--bench").cloned();
    let arguments: Vec<String> = arguments.collect();
    if arguments.is_empty() || arguments.len() == given.len() {
        println!("Nothing was measured; {USAGE}.");
        return Ok(());
    }
    let mut setting = parse(arguments)?;
    let Setting { rounds, programs, .. } = &mut setting;
    // The first runs find nothing in the caches.
    programs
        .iter_mut()
        .try_for_each(|program| (0..2).try_for_each(|at| program.run(at, 0).map(drop)))?;
    race::in_turns(*rounds, programs.len() * 2, |round, turn| {
        let (program, at) = (&mut programs[turn / 2], turn % 2);
        let time = program.run(at, round + 1)?;
        program.times[at].push(time);
        Ok(())
    })?;
    programs.iter().try_for_each(|program| program.verify(*rounds))?;
    println!("{}, {rounds} rounds\n", machine::describe(&std::env::temp_dir())?);
    print(&setting);
    Ok(())
}

fn parse(given: Vec<String>) -> Result<Setting> {
    let mut setting = Setting { rounds: 500, goal: None, programs: Vec::new() };
    let mut given = given.into_iter();
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--rounds" => setting.rounds = given.next().context(USAGE)?.parse()?,
            "--goal" => setting.goal = Some(given.next().context(USAGE)?.parse()?),
            program => {
                let (name, path) = program.split_once('=').context(USAGE)?;
                setting.programs.push(Program::new(name, Path::new(path))?);
            }
        }
    }
    ensure!(setting.rounds > 0 && !setting.programs.is_empty(), USAGE);
    Ok(setting)
}

impl Program {
    #[expect(
        clippy::disallowed_methods,
        reason = "the documents begin as other programs made them"
    )]
    fn new(name: &str, path: &Path) -> Result<Self> {
        let path =
            path.canonicalize().with_context(|| format!("there is no {}", path.display()))?;
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("x.json"), text())?;
        Ok(Program { name: name.to_owned(), path, dir, times: [Vec::new(), Vec::new()] })
    }

    fn command(&self, at: usize, round: usize) -> Command {
        let mut command = Command::new(&self.path);
        command.args(COMMANDS[at].1(round)).current_dir(self.dir.path());
        command.env_remove("JSONLOCK_TIMEOUT").env_remove("JSONLOCK_NETWORK_FS");
        command
    }

    /// From the start of the program to its end.
    fn run(&self, at: usize, round: usize) -> Result<Duration> {
        let mut command = self.command(at, round);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
        let time = start.elapsed();
        ensure!(status.success(), "{command:?} failed: {status}");
        Ok(time)
    }

    /// Whether the last edit is there, so that nothing was measured that does nothing.
    fn verify(&self, round: usize) -> Result<()> {
        let number = output(&mut self.command(0, round))?;
        ensure!(number == (FIRST + round + 1).to_string(), "{} has {number}", self.name);
        Ok(())
    }
}

fn text() -> String {
    let member = |index| format!("  \"token-{index:02}\": \"0123456789abcdef0123456789abcdef\",\n");
    let members: String = (0..20).map(member).collect();
    format!("{{\n{members}  \"n\": {FIRST}\n}}\n")
}

fn print(setting: &Setting) {
    let head: String = COMMANDS.map(|(name, _)| format!(" `{name}`: median | minimum |")).concat();
    println!("| program |{head} goal | |\n|---|---|---|---|---|---|---|");
    let first = &setting.programs[0];
    for (index, program) in setting.programs.iter().enumerate() {
        let (mut cells, mut worst) = (String::new(), 0.0_f64);
        for (own, firsts) in program.times.iter().zip(&first.times) {
            let medians = [own, firsts].map(|times| race::median(times.iter().copied()));
            let minima = [own, firsts].map(|times| times.iter().min().copied().unwrap_or_default());
            worst = worst.max(ratio(medians));
            cells += &format!(" {} | {} |", cell(medians), cell(minima));
        }
        let verdict = match setting.goal {
            Some(goal) if index > 0 && worst <= goal => format!("≤ {goal} × | met"),
            Some(goal) if index > 0 => format!("≤ {goal} × | missed"),
            _ => "– | ".to_owned(),
        };
        println!("| {} |{cells} {verdict} |", program.name);
    }
}

fn ratio([own, first]: [Duration; 2]) -> f64 {
    own.as_secs_f64() / first.as_secs_f64()
}

fn cell(times: [Duration; 2]) -> String {
    format!("{:.0} µs, {:.3} ×", times[0].as_secs_f64() * 1e6, ratio(times))
}
