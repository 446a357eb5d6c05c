//! The known word that was probably meant by an unknown one, for "did you mean".

/// The known word that is written nearly the same as `word`, where one is near enough to be what was meant: the optimal
/// string alignment distance is at most a quarter of the longer word's length, rounded up. Of equally near words the
/// alphabetically first counts.
pub fn near<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(distance, known)| *distance <= known.len().max(word.len()).div_ceil(4).max(1))
        .min()
        .map(|(_, known)| known.to_owned())
}

/// The known word that was meant by a slip of the pen: one with the same digits, for `leaf4` is not `leaf5` misspelt.
pub fn slip<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = digits(word);
    near(word, known.into_iter().filter(|known| digits(known) == own))
}
