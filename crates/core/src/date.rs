//! Days of the calendar.

use std::{fmt, str::FromStr};

/// A day of the Gregorian calendar, from year 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the calendar, like 2027-03-31")]
pub struct NoSuchDay;

impl Date {
    /// That day, where the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        (year <= 9999 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// The day, in UTC, of a time in seconds since 1970-01-01 00:00 UTC; years above 9999 are none. Counts the days of
    /// 400-year cycles that begin on 1 March, as `civil_from_days` of <https://howardhinnant.github.io/date_algorithms.html>.
    pub fn of_unix(seconds: u64) -> Option<Self> {
        let days = seconds / 86_400 + 719_468;
        let (cycle, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let of_year = day - (365 * year + year / 4 - year / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = cycle * 400 + year + u64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, month as u8, (of_year - (153 * from_march + 2) / 5 + 1) as u8)
    }
}

impl FromStr for Date {
    type Err = NoSuchDay;
    /// `2027-03-31` (RFC 3339, `full-date`).
    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
            digits.parse::<u16>().ok()
        };
        let dashes = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        let parts = number(0, 4).zip(number(5, 7)).zip(number(8, 10)).filter(|_| dashes);
        let day = parts.and_then(|((year, month), day)| Self::new(year, month as u8, day as u8));
        day.ok_or(NoSuchDay)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_day() {
        for text in ["2027-03-31", "2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-10",
            "2027-1-1",
            "+027-01-01",
            "20270331",
            "ü27-01-01",
            "",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn seconds_are_days() {
        // `date -u -d @SECONDS +%F`
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_796_083_199, "2026-11-30"),
            (1_798_761_600, "2027-01-01"),
            (253_402_300_799, "9999-12-31"),
        ] {
            assert_eq!(Date::of_unix(seconds).map(|day| day.to_string()).as_deref(), Some(day));
        }
        assert_eq!((Date::of_unix(253_402_300_800), Date::of_unix(u64::MAX)), (None, None));
    }
}
