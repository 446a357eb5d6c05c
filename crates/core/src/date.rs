//! Days of the calendar.

use jiff::{Timestamp, civil, tz::TimeZone};
use std::{fmt, str::FromStr};

/// A day of the Gregorian calendar, from year 0 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(civil::Date);

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the calendar, like 2027-03-31")]
pub struct NoSuchDay;

impl Date {
    /// The day by the clock, in UTC.
    pub fn today() -> Self {
        Self(Timestamp::now().to_zoned(TimeZone::UTC).date())
    }
}

impl FromStr for Date {
    type Err = NoSuchDay;

    /// `2027-03-31` (RFC 3339, `full-date`), and no other form that ISO 8601 allows.
    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let day = text.parse::<civil::Date>().map_err(|_| NoSuchDay)?;
        if day.year() < 0 || day.to_string() != text {
            return Err(NoSuchDay);
        }
        Ok(Self(day))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
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
            "-002027-01-01",
            "2027-03-31T00:00",
            "20270331",
            "ü27-01-01",
            "",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
