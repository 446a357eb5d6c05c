//! The rest of a file in which too many lines came to nothing: it is counted, and not judged.

use crate::{
    model::{Fault, FaultKind, Reading, fault::Excess},
    source::{FileId, LanguageId, Span},
};
use std::collections::BTreeMap;

/// How many lines of one file may come to nothing before the rest of that file is not read: lines that its language does
/// not know, and lines that have a fault of another kind. Each costs a search for what was meant, and is a finding. A file
/// with so many is not what its place says, or a program wrote it that does not know the language.
pub const LINES_IN_VAIN: usize = 1_000;

/// How much of one file came to nothing so far.
pub(super) struct Rest {
    language: LanguageId,
    in_vain: usize,
    /// How many faults and missed lines there were when the last line was read.
    mark: (usize, usize),
    /// Where among the faults that of the rest is, once the rest has begun.
    fault: Option<usize>,
}

impl Rest {
    /// A file begins.
    pub(super) fn new(language: LanguageId, into: &Reading) -> Self {
        Self { language, in_vain: 0, mark: mark(into), fault: None }
    }

    /// Reading comes back to the file from another one, whose lines are not its own.
    pub(super) fn resume(&mut self, into: &Reading) {
        self.mark = mark(into);
    }

    /// A line was in vain, although nothing is noted of it.
    pub(super) fn waste(&mut self) {
        self.in_vain += 1;
    }

    /// Whether the line that comes next belongs to the rest; to be asked before each line.
    pub(super) fn has_begun(&mut self, into: &Reading) -> bool {
        let (faults, missed) = mark(into);
        self.in_vain += faults.saturating_sub(self.mark.0).max(missed.saturating_sub(self.mark.1));
        self.mark = (faults, missed);
        self.in_vain >= LINES_IN_VAIN
    }

    /// Notes a line of the rest, which the caller counts among the lines and the missed ones. Nobody reads it, and so
    /// nobody knows what is secret in it.
    pub(super) fn add(&mut self, line: Span, text: &str, into: &mut Reading) {
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, ':' | '=');
        let word = text.find(ends).unwrap_or(text.len()) as u32;
        into.secrets.push(Span { start: (line.start + word).min(line.end), ..line });
        let known = self.fault.and_then(|at| into.faults.get_mut(at));
        if let Some(Fault { kind: FaultKind::CutShort { count, .. }, .. }) = known {
            *count += 1;
        } else {
            self.fault = Some(into.faults.len());
            into.faults.push(Fault::new(self.language, line, FaultKind::CutShort { of: Excess::Lines, count: 1 }));
        }
    }
}

/// Leaves of the faults of each file that reading and replay found as many as a file may have, and counts the others as
/// its rest.
pub(super) fn thin(faults: &mut Vec<Fault>) {
    if faults.len() <= LINES_IN_VAIN {
        return;
    }
    let mut kept: BTreeMap<FileId, usize> = BTreeMap::new();
    let mut rests: BTreeMap<FileId, Fault> = BTreeMap::new();
    faults.retain(|fault| {
        let more = match fault.kind {
            FaultKind::CutShort { of: Excess::Lines, count } => count,
            _ => {
                let kept = kept.entry(fault.span.file).or_default();
                *kept += 1;
                if *kept <= LINES_IN_VAIN {
                    return true;
                }
                1
            }
        };
        let kind = FaultKind::CutShort { of: Excess::Lines, count: 0 };
        let rest = rests.entry(fault.span.file).or_insert_with(|| Fault::new(fault.language, fault.span, kind));
        if let FaultKind::CutShort { count, .. } = &mut rest.kind {
            *count += more;
        }
        false
    });
    faults.extend(rests.into_values());
}

fn mark(into: &Reading) -> (usize, usize) {
    (into.faults.len(), into.coverage.unrecognised.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_keeps_so_many_faults() {
        let fault =
            |file, start, kind| Fault::new(LanguageId::Sdn, Span { file: FileId(file), start, end: start + 1 }, kind);
        let not_read = |count| FaultKind::CutShort { of: Excess::Lines, count };
        let most = LINES_IN_VAIN as u32;
        let mut faults: Vec<Fault> = (0..most + 3).map(|at| fault(0, at, FaultKind::Incomplete)).collect();
        faults.extend((0..most).map(|at| fault(1, at, FaultKind::Incomplete)));
        faults.push(fault(0, most + 9, not_read(4)));
        faults.push(fault(2, 0, not_read(5)));
        thin(&mut faults);
        let rests = faults.split_off(2 * LINES_IN_VAIN);
        assert!(faults.iter().all(|fault| fault.kind == FaultKind::Incomplete));
        assert_eq!(rests, [fault(0, most, not_read(7)), fault(2, 0, not_read(5))]);
    }
}
