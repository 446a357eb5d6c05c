//! Slips of the pen, from a seed.

use super::modes::{Case, MODES};
use fastrand::Rng;

/// Lines with a slip in each.
pub(crate) fn some(cases: &[Case], number: usize, seed: u64) -> Vec<Case> {
    let mut rng = Rng::with_seed(seed);
    (0..number).map(|_| slip(&cases[rng.usize(..cases.len())], &mut rng)).collect()
}

fn slip(case: &Case, rng: &mut Rng) -> Case {
    let mut words: Vec<String> = case.line.split(' ').map(str::to_owned).collect();
    let mut openers = case.openers;
    let at = rng.usize(..words.len());
    let numbers: Vec<usize> = (0..words.len()).filter(|at| words[*at].parse::<i64>().is_ok()).collect();
    match rng.usize(..9) {
        0 => letter(&mut words[at], rng),
        1 => {
            words.remove(at);
        }
        2 => words.insert(at, "extra".to_owned()),
        3 => words.insert(at, words[at].clone()),
        4 => openers = MODES[rng.usize(..MODES.len())].1,
        5 => {
            let short = words[at].chars().take(1 + rng.usize(..6)).collect();
            words[at] = short;
        }
        6 => {
            let other = rng.usize(..words.len());
            words.swap(at, other);
        }
        _ if !numbers.is_empty() => {
            let at = numbers[rng.usize(..numbers.len())];
            let value: i64 = words[at].parse().unwrap();
            let others = [value + 1, value - 1, value * 10, value.saturating_mul(100_000), -value, 0, 1];
            words[at] = others[rng.usize(..others.len())].to_string();
        }
        7 if words[0] == "no" => {
            words.remove(0);
        }
        7 => words.insert(0, "no".to_owned()),
        _ => words.push("extra".to_owned()),
    }
    let line = words.join(" ");
    // These lead out of the file.
    let leaves = matches!(line.trim(), "exit" | "quit" | "end" | "");
    Case { openers, line: if leaves { case.line.clone() } else { line } }
}

/// One letter is missing, doubled, another one, or where its neighbour should be.
fn letter(word: &mut String, rng: &mut Rng) {
    let mut letters: Vec<char> = word.chars().collect();
    let at = rng.usize(..letters.len());
    match rng.usize(..4) {
        0 if letters.len() > 1 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = rng.lowercase(),
        _ => {
            let next = (at + 1) % letters.len();
            letters.swap(at, next);
        }
    }
    *word = letters.into_iter().collect();
}
